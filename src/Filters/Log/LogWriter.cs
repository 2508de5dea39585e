using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>Takes the lines of all connections to the file and the script.</summary>
/// <param name="file">The file, or null.</param>
/// <param name="script">The script, or null.</param>
/// <param name="time">The clock of the lines.</param>
internal sealed class LogWriter(LogFile? file, LogScript? script, TimeProvider time) : IDisposable
{
    /// <summary>The time for a line, in UTC.</summary>
    public DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>A script runs for every line.</summary>
    public bool HasScript => script is not null;

    /// <summary>Opens what the options name.</summary>
    /// <exception cref="ParameterException">The file cannot be written.</exception>
    public static LogWriter Open(LogOptions options, ComponentContext context)
    {
        try
        {
            return new LogWriter(
                options.File is { } path ? LogFile.Open(path.Value, options.Append, context.Logger) : null,
                options.Script is { } script ? new LogScript(script, context.Logger) : null,
                context.Time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ParameterException($"logfile={options.File}: {e.Message}");
        }
    }

    /// <summary>Begins a line; it has to be written before its thread begins another one.</summary>
    public LogLine Begin(LogEvent logEvent, LogPhase phase) => LogLine.Begin(Now, logEvent, phase);

    /// <summary>Writes a line to the file and gives it to the script. Complete at once where there is no script.</summary>
    /// <param name="line">The line; used before the call returns.</param>
    /// <param name="cancellationToken">Ends the waiting for the script.</param>
    public ValueTask WriteAsync(LogLine line, CancellationToken cancellationToken)
    {
        file?.Write(line.ForFile());
        return script is null ? ValueTask.CompletedTask : script.RunAsync(line, cancellationToken);
    }

    /// <summary>Writes a line to the file, where there is no script.</summary>
    public void Write(LogLine line) => file?.Write(line.ForFile());

    /// <summary>Writes lines to the file, where there is no script.</summary>
    public void Write(ReadOnlySpan<byte> lines) => file?.Write(lines);

    public void Dispose() => file?.Dispose();
}
