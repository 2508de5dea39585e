using Microsoft.Extensions.Logging;

namespace SharpNbd.Server;

/// <summary>Writes messages in nbdkit's form: <c>sharpnbd: memory.3: error: text</c>.</summary>
/// <param name="category">What stands in the middle: a component's name or a connection's; nothing for the server itself.</param>
/// <param name="writer">Where the lines go.</param>
internal sealed class StandardErrorLogger(string category, StandardErrorWriter writer) : ILogger
{
    /// <summary>The category of the server, which is not shown.</summary>
    public const string ServerCategory = "server";

    private readonly string _prefix = category is "" or ServerCategory ? "" : $"{category}: ";

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    /// <summary>Whether a message of this level would be written; the factory's minimum level is asked before.</summary>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (logLevel <= LogLevel.Debug || !writer.DiscardsMessages);

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || (logLevel <= LogLevel.Debug && writer.Hides(eventId.Id)))
        {
            return;
        }

        // The connection comes before the level, as in nbdkit.
        var (prefix, text) = state is ConnectionMessage message
            ? ($"{message.Connection}: ", message.Text)
            : (_prefix, formatter(state, exception));

        // A trace is for whoever looks for a fault of ours, and that is what debug messages are for.
        var trace = exception is not null && logLevel <= LogLevel.Debug ? $"\n{exception}" : "";
        writer.WriteMessage(logLevel, $"{prefix}{Word(logLevel)}: {text}{trace}");
    }

    private static string Word(LogLevel level) => level switch
    {
        >= LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };
}
