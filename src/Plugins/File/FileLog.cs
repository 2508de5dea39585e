using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What the file plugin logs.</summary>
internal static partial class FileLog
{
    [LoggerMessage(2201, LogLevel.Information, "{File} cannot be opened for writing and is served read-only")]
    public static partial void OpenedReadOnly(this ILogger logger, string file);
}
