using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>What the iso plugin logs.</summary>
internal static partial class IsoLog
{
    [LoggerMessage(2231, LogLevel.Warning,
        "{Count} symbolic links, devices, pipes or sockets are left out, which only Rock Ridge (-r or -R) can hold; the first is {First}")]
    public static partial void LeftOut(this ILogger logger, int count, string first);

    [LoggerMessage(2232, LogLevel.Warning, "{Count} directories lead back to themselves and are left out; the first is {First}")]
    public static partial void Circles(this ILogger logger, int count, string first);

    [LoggerMessage(2233, LogLevel.Warning,
        "the tree is deeper than the 8 levels of ISO 9660, and some systems cannot read it; with -r or -R and without -D it would be rearranged")]
    public static partial void TooDeep(this ILogger logger);
}
