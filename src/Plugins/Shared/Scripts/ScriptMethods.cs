namespace SharpNbd.Plugins;

/// <summary>The names of the methods, as a script sees them.</summary>
internal static class ScriptMethods
{
    public const string AfterFork = "after_fork";
    public const string BlockSize = "block_size";
    public const string Cache = "cache";
    public const string CanCache = "can_cache";
    public const string CanExtents = "can_extents";
    public const string CanFastZero = "can_fast_zero";
    public const string CanFlush = "can_flush";
    public const string CanFua = "can_fua";
    public const string CanMultiConn = "can_multi_conn";
    public const string CanTrim = "can_trim";
    public const string CanWrite = "can_write";
    public const string CanZero = "can_zero";
    public const string Close = "close";
    public const string Config = "config";
    public const string ConfigComplete = "config_complete";
    public const string DefaultExport = "default_export";
    public const string DumpPlugin = "dump_plugin";
    public const string ExportDescription = "export_description";
    public const string Extents = "extents";
    public const string Flush = "flush";
    public const string GetReady = "get_ready";
    public const string GetSize = "get_size";
    public const string IsRotational = "is_rotational";
    public const string ListExports = "list_exports";
    public const string Load = "load";
    public const string MagicConfigKey = "magic_config_key";
    public const string Open = "open";
    public const string Preconnect = "preconnect";
    public const string Read = "pread";
    public const string ThreadModel = "thread_model";
    public const string Trim = "trim";
    public const string Unload = "unload";
    public const string Write = "pwrite";
    public const string Zero = "zero";
}
