namespace SharpNbd.Server;

/// <summary>
/// Writes whole lines to standard error, each by one call to the system, so that lines of several threads or processes do
/// not mix.
/// </summary>
/// <param name="write">Writes a text to standard error.</param>
internal sealed class StandardErrorWriter(Action<string> write)
{
    private readonly Lock _lock = new();
    private volatile bool _discardsMessages;

    /// <summary>Nothing but debug messages is written from now on.</summary>
    public bool DiscardsMessages
    {
        get => _discardsMessages;
        set => _discardsMessages = value;
    }

    /// <summary>Writes an error that has no logger yet: one that prevents the start.</summary>
    public void WriteError(string message) => WriteLine($"sharpnbd: error: {message}");

    /// <summary>Writes what does not prevent the start, but may not be what the user wants.</summary>
    public void WriteWarning(string message) => WriteLine($"sharpnbd: warning: {message}");

    /// <summary>Writes a line.</summary>
    public void WriteLine(string line)
    {
        lock (_lock)
        {
            write(line + "\n");
        }
    }
}
