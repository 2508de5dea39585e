namespace SharpNbd.Server;

/// <summary>Where errors go once the server runs. Debug messages are not errors: they go to standard error.</summary>
internal enum LogTarget
{
    /// <summary>Standard error in the foreground, the system log in the background.</summary>
    Default,
    StandardError,
    SystemLog,

    /// <summary>To the end of <see cref="ServerOptions.LogFile"/>.</summary>
    File,
    Null,
}
