using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The plugins that come with the server, a line each, in alphabetical order.</summary>
public static class BuiltInPlugins
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Plugin> All { get; } =
    [
        new CurlPlugin(),
        new DataPlugin(),
        new EvalPlugin(),
        new FilePlugin(),
        new FloppyPlugin(),
        new FullPlugin(),
        new InfoPlugin(),
        new IsoPlugin(),
        new LinuxdiskPlugin(),
        new MemoryPlugin(),
        new NbdPlugin(),
        new NullPlugin(),
        new OndemandPlugin(),
        new OnesPlugin(),
        new PartitioningPlugin(),
        new PatternPlugin(),
        new RandomPlugin(),
        new ShPlugin(),
        new SparseRandomPlugin(),
        new SplitPlugin(),
        new TmpdiskPlugin(),
        new ZeroPlugin(),
    ];
}
