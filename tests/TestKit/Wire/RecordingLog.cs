using Microsoft.Extensions.Logging;

namespace SharpNbd.TestKit;

/// <summary>Keeps what is logged. As without <c>-v</c>, what is Debug or less is not kept unless a test wants it.</summary>
public sealed class RecordingLog : ILoggerFactory, ILogger
{
    private readonly object _lock = new();
    private readonly List<string> _lines = [];

    /// <summary>What is kept.</summary>
    public LogLevel Minimum { get; set; } = LogLevel.Information;

    /// <summary>The messages so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for a message that holds these words.</summary>
    public string WaitFor(string words)
    {
        var deadline = Environment.TickCount64 + 30_000;
        lock (_lock)
        {
            while (true)
            {
                if (_lines.Find(line => line.Contains(words, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                if (!Monitor.Wait(_lock, TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64))))
                {
                    throw new TimeoutException($"'{words}' was not logged, but:\n{string.Join('\n', _lines)}");
                }
            }
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= Minimum;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        lock (_lock)
        {
            _lines.Add($"{logLevel}: {formatter(state, exception)}");
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
