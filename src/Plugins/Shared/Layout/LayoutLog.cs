using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What disks that are put together of files log.</summary>
internal static partial class LayoutLog
{
    [LoggerMessage(2221, LogLevel.Warning, "{File} is no longer what it was when the server started: {Change}; reading it gives EIO from now on")]
    public static partial void FileChanged(this ILogger logger, string file, string change);
}
