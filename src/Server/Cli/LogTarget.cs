namespace SharpNbd.Server;

/// <summary>Where errors go once the server runs. Debug messages are not errors: they go to standard error.</summary>
internal enum LogTarget
{
    /// <summary>Standard error in the foreground, nowhere in the background.</summary>
    Default,
    StandardError,
    Null,
}
