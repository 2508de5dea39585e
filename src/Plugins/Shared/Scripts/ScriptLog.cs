using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What script plugins log.</summary>
internal static partial class ScriptLog
{
    [LoggerMessage(2801, LogLevel.Warning, "the scripts' directory {Path} stays: {Reason}")]
    public static partial void DirectoryStays(this ILogger logger, string path, string reason);

    [LoggerMessage(2802, LogLevel.Warning, "{Reason}")]
    public static partial void UnloadFailed(this ILogger logger, string reason);
}
