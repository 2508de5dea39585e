using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What the curl plugin logs. The address is without user, password and query, which may be secret.</summary>
internal static partial class CurlLog
{
    [LoggerMessage(2301, LogLevel.Debug, "{Address}: {Size} bytes, {Version}")]
    public static partial void Opened(this ILogger logger, string address, long size, string version);

    [LoggerMessage(2302, LogLevel.Information, "{Address}: the server names neither ETag nor a usable Last-Modified: a changed file is noticed by its length only")]
    public static partial void NoValidator(this ILogger logger, string address);

    [LoggerMessage(2303, LogLevel.Warning, "{Path}: the cookies cannot be written: {Reason}")]
    public static partial void CookiesNotWritten(this ILogger logger, string path, string reason);

}
