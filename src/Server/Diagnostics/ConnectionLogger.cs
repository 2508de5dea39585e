using Microsoft.Extensions.Logging;

namespace SharpNbd.Server;

/// <summary>
/// Puts a connection's name on everything that is logged about it. A logger of its own from the factory would be kept by the factory
/// for ever, one for each connection.
/// </summary>
internal sealed class ConnectionLogger(ILogger inner, string connection) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            inner.Log(logLevel, eventId, new ConnectionMessage(connection, formatter(state, exception)), exception, (message, _) => message.ToString());
        }
    }
}
