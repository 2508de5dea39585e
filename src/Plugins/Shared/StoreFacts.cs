namespace SharpNbd.Plugins;

/// <summary>What <c>--dump-plugin</c> tells of plugins that hold their disk in memory.</summary>
internal static class StoreFacts
{
    public static IReadOnlyList<KeyValuePair<string, string>> All { get; } =
    [
        new("mlock", OperatingSystem.IsLinux() ? "yes" : "no"),
        new("zstd", "no"),
    ];
}
