using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What the nbd plugin logs.</summary>
internal static partial class NbdLog
{
    [LoggerMessage(2401, LogLevel.Debug, "connected to the upstream server: {Protocol}, export '{Export}', {Size} bytes")]
    public static partial void UpstreamOpened(this ILogger logger, string protocol, string export, long size);

    [LoggerMessage(2402, LogLevel.Warning, "the upstream server is lost: {Reason}")]
    public static partial void UpstreamLost(this ILogger logger, string reason);

    [LoggerMessage(2403, LogLevel.Information, "the upstream server is there again")]
    public static partial void UpstreamBack(this ILogger logger);

    [LoggerMessage(2404, LogLevel.Warning, "attempt {Attempt} of {All} to reach the upstream server failed: {Reason}")]
    public static partial void AttemptFailed(this ILogger logger, uint attempt, uint all, string reason);

    [LoggerMessage(2406, LogLevel.Error, "the upstream server does not come back: {Reason}")]
    public static partial void UpstreamGone(this ILogger logger, string reason);

    [LoggerMessage(2405, LogLevel.Debug, "started '{Program}' as process {ProcessId}")]
    public static partial void UpstreamStarted(this ILogger logger, string program, int processId);
}
