using Microsoft.Extensions.Logging;

namespace SharpNbd.Filters;

/// <summary>What the log filter writes to the server's own log.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(3000, LogLevel.Error, "lines of the log are lost: {Reason}")]
    public static partial void WriteFailed(ILogger logger, string reason);

    [LoggerMessage(3001, LogLevel.Error, "the log script cannot be run: {Reason}")]
    public static partial void ScriptFailed(ILogger logger, string reason);
}
