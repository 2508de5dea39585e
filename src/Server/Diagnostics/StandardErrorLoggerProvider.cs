using Microsoft.Extensions.Logging;

namespace SharpNbd.Server;

/// <summary>Gives every category a logger that writes to standard error.</summary>
internal sealed class StandardErrorLoggerProvider(StandardErrorWriter writer) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new StandardErrorLogger(categoryName, writer);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
