using Microsoft.Extensions.Logging;

namespace SharpNbd.Scripting;

/// <summary>What the plugin logs.</summary>
internal static partial class CsxLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{script} has changed: clients that connect from now on get the new one")]
    public static partial void Reloaded(this ILogger logger, string script);

    [LoggerMessage(Level = LogLevel.Error, Message = "{line}")]
    public static partial void NotReloaded(this ILogger logger, string line);
}
