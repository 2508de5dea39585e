using Microsoft.Extensions.Logging;

namespace SharpNbd.TestKit;

/// <summary>Formats every message, and keeps the first exception that nobody expected: only those are logged as exceptions.</summary>
internal sealed class FuzzLog : ILogger
{
    public Exception? Fault { get; private set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _ = formatter(state, exception);
        Fault ??= exception;
    }
}
