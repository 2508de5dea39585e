namespace SharpNbd.Scripting;

/// <summary>Keeps a version of a script from being unloaded.</summary>
/// <param name="version">The version, which was entered.</param>
internal sealed class ScriptUse(ScriptVersion version) : IAsyncDisposable
{
    /// <summary>The version.</summary>
    public ScriptVersion Version { get; } = version;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Version.LeaveAsync();
}
