using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What the floppy plugin logs.</summary>
internal static partial class FloppyLog
{
    [LoggerMessage(2241, LogLevel.Warning, "left out, for FAT has no such thing: {Links} symbolic links, {Others} devices, sockets and pipes")]
    public static partial void LeftOut(this ILogger logger, int links, int others);

    [LoggerMessage(2242, LogLevel.Warning, "{Count} names that FAT does not allow, or that differ from another one only in case, are changed; the first is {Name}, now '{Changed}'")]
    public static partial void NamesChanged(this ILogger logger, int count, string name, string changed);
}
