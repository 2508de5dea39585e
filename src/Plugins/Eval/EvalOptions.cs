using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the eval plugin: a script for each method.</summary>
public sealed record EvalOptions
{
    [Parameter("after_fork", "Runs when the server is about to take clients.", ValueName = "SCRIPT")]
    public string? AfterFork { get; init; }

    [Parameter("block_size", "Prints the smallest, the preferred and the largest block.", ValueName = "SCRIPT")]
    public string? BlockSize { get; init; }

    [Parameter("cache", "Reads ahead.", ValueName = "SCRIPT")]
    public string? Cache { get; init; }

    [Parameter("can_cache", "Prints none, emulate or native.", ValueName = "SCRIPT")]
    public string? CanCache { get; init; }

    [Parameter("can_extents", "Whether extents are known.", ValueName = "SCRIPT")]
    public string? CanExtents { get; init; }

    [Parameter("can_fast_zero", "Whether fast zeroing is told apart.", ValueName = "SCRIPT")]
    public string? CanFastZero { get; init; }

    [Parameter("can_flush", "Whether flushing is possible.", ValueName = "SCRIPT")]
    public string? CanFlush { get; init; }

    [Parameter("can_fua", "Prints none, emulate or native.", ValueName = "SCRIPT")]
    public string? CanFua { get; init; }

    [Parameter("can_multi_conn", "Whether several connections see one disk.", ValueName = "SCRIPT")]
    public string? CanMultiConn { get; init; }

    [Parameter("can_trim", "Whether trimming is possible.", ValueName = "SCRIPT")]
    public string? CanTrim { get; init; }

    [Parameter("can_write", "Whether writing is possible.", ValueName = "SCRIPT")]
    public string? CanWrite { get; init; }

    [Parameter("can_zero", "Whether zeroing is possible.", ValueName = "SCRIPT")]
    public string? CanZero { get; init; }

    [Parameter("close", "Runs when a connection has ended.", ValueName = "SCRIPT")]
    public string? Close { get; init; }

    [Parameter("config", "Takes every parameter that is no method.", ValueName = "SCRIPT")]
    public string? Config { get; init; }

    [Parameter("config_complete", "Runs behind the last parameter.", ValueName = "SCRIPT")]
    public string? ConfigComplete { get; init; }

    [Parameter("default_export", "Prints the name that stands for the default export.", ValueName = "SCRIPT")]
    public string? DefaultExport { get; init; }

    [Parameter("dump_plugin", "Prints lines for --dump-plugin.", ValueName = "SCRIPT")]
    public string? DumpPlugin { get; init; }

    [Parameter("export_description", "Prints a sentence about the export.", ValueName = "SCRIPT")]
    public string? ExportDescription { get; init; }

    [Parameter("extents", "Prints where data and holes are.", ValueName = "SCRIPT")]
    public string? Extents { get; init; }

    [Parameter("flush", "Makes what was written stable.", ValueName = "SCRIPT")]
    public string? Flush { get; init; }

    [Parameter("get_ready", "Runs before the server listens.", ValueName = "SCRIPT")]
    public string? GetReady { get; init; }

    [Parameter("get_size", "Prints the size of the disk; needed.", ValueName = "SCRIPT")]
    public string? GetSize { get; init; }

    [Parameter("is_rotational", "Whether seeks are slow.", ValueName = "SCRIPT")]
    public string? IsRotational { get; init; }

    [Parameter("list_exports", "Prints the exports.", ValueName = "SCRIPT")]
    public string? ListExports { get; init; }

    [Parameter("open", "Prints a handle for a new connection.", ValueName = "SCRIPT")]
    public string? Open { get; init; }

    [Parameter("pread", "Prints the bytes of a read; needed.", ValueName = "SCRIPT")]
    public string? Pread { get; init; }

    [Parameter("preconnect", "Runs when a client has connected.", ValueName = "SCRIPT")]
    public string? Preconnect { get; init; }

    [Parameter("pwrite", "Takes the bytes of a write from standard input.", ValueName = "SCRIPT")]
    public string? Pwrite { get; init; }

    [Parameter("thread_model", "Prints how many scripts may run at once.", ValueName = "SCRIPT")]
    public string? ThreadModel { get; init; }

    [Parameter("trim", "Gives space back.", ValueName = "SCRIPT")]
    public string? Trim { get; init; }

    [Parameter("unload", "Runs when the server ends.", ValueName = "SCRIPT")]
    public string? Unload { get; init; }

    [Parameter("zero", "Writes zeroes.", ValueName = "SCRIPT")]
    public string? Zero { get; init; }

    [Parameter("missing", "Runs for every method that has no script of its own.", ValueName = "SCRIPT", DefaultText = "exit 2")]
    public string? Missing { get; init; }

    [AnyOtherParameter("Any other key is for the script of config.")]
    public IReadOnlyList<ParameterValue> Others { get; init; } = [];
}
