namespace SharpNbd.Plugins;

/// <summary>What a script answered by its exit code.</summary>
internal enum ScriptOutcome
{
    Ok,
    Error,

    /// <summary>The script does not have the method.</summary>
    Missing,

    /// <summary>No, for a method that asks.</summary>
    False,
}
