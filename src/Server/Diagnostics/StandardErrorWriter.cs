using Microsoft.Extensions.Logging;

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
    private volatile Action<LogLevel, string>? _redirection;

    /// <summary>Nothing but debug messages is written from now on.</summary>
    public bool DiscardsMessages
    {
        get => _discardsMessages;
        set => _discardsMessages = value;
    }

    /// <summary>Where messages go instead; null while they go to standard error, where debug messages always go.</summary>
    public Action<LogLevel, string>? Redirection
    {
        get => _redirection;
        set => _redirection = value;
    }

    /// <summary>Debug messages about handshakes and the life of connections are left out (<c>-D nbdkit.backend.controlpath=0</c>).</summary>
    public bool HidesControlPath { get; set; }

    /// <summary>Debug messages about requests are left out (<c>-D nbdkit.backend.datapath=0</c>).</summary>
    public bool HidesDataPath { get; set; }

    /// <summary>What stands behind the program's name, to tell several servers apart; null for nothing.</summary>
    public string? Name { get; set; }

    /// <summary>What every line begins with.</summary>
    public string Prefix => Name is null ? "sharpnbd: " : $"sharpnbd: {Name}: ";

    /// <summary>Whether a debug message is left out. <see cref="ServerLog"/> has a hundred of numbers for each kind.</summary>
    public bool Hides(int eventId) => (HidesControlPath && eventId / 100 == 11) || (HidesDataPath && eventId / 100 == 12);

    /// <summary>Writes an error that has no logger yet: one that prevents the start.</summary>
    public void WriteError(string message) => WriteLine($"{Prefix}error: {message}");

    /// <summary>Writes what does not prevent the start, but may not be what the user wants.</summary>
    public void WriteWarning(string message) => WriteLine($"{Prefix}warning: {message}");

    /// <summary>Writes a message of a logger, without the program's name.</summary>
    public void WriteMessage(LogLevel level, string text)
    {
        if (level > LogLevel.Debug && Redirection is { } redirection)
        {
            redirection(level, text);
        }
        else
        {
            WriteLine(Prefix + text);
        }
    }

    /// <summary>Writes a line.</summary>
    public void WriteLine(string line)
    {
        lock (_lock)
        {
            write(line + "\n");
        }
    }
}
