using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What the data plugin writes.</summary>
internal static partial class DataLog
{
    [LoggerMessage(2101, LogLevel.Warning, "the parameter '{Key}' is used by nothing: it is no parameter of the plugin, and the data does not mention ${Key}")]
    public static partial void UnusedVariable(this ILogger logger, string key);
}
