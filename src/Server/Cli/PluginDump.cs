using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>The answer to <c>--dump-plugin</c>: nbdkit's keys, as far as they mean something here.</summary>
internal static class PluginDump
{
    // The callbacks of an nbdkit plugin that does the same, in nbdkit's order. Every disk here says what it can do, so all that ask for
    // it are there; struct_size, the size of a structure of the language C, would mean nothing.
    private static readonly (DiskOperations Operation, string[] Keys)[] Callbacks =
    [
        (DiskOperations.ListExports, ["list_exports"]),
        (DiskOperations.None, ["open", "close", "get_size"]),
        (DiskOperations.None, ["can_write", "can_flush", "is_rotational", "can_trim", "can_zero", "can_fast_zero", "can_extents", "can_fua"]),
        (DiskOperations.MultiConn, ["can_multi_conn"]),
        (DiskOperations.None, ["can_cache"]),
        (DiskOperations.None, ["pread"]),
        (DiskOperations.Write, ["pwrite"]),
        (DiskOperations.Flush, ["flush"]),
        (DiskOperations.Trim, ["trim"]),
        (DiskOperations.Zero, ["zero"]),
        (DiskOperations.Extents, ["extents"]),
        (DiskOperations.Cache, ["cache"]),
    ];

    /// <summary>The lines, <c>key=value</c> each.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="description">What it tells about itself, given the parameters on the command line.</param>
    /// <param name="path">Its assembly, or the program that it is part of.</param>
    public static IEnumerable<string> Lines(Plugin plugin, PluginDescription description, string path)
    {
        yield return $"path={path}";
        yield return $"name={plugin.Name}";
        yield return $"version={ProductVersion.Of(plugin)}";
        yield return "api_version=2";
        yield return $"max_thread_model={Name(plugin.ThreadModel)}";
        yield return $"thread_model={Name(description.ThreadModel)}";
        yield return "errno_is_preserved=1";
        if (plugin.Parameters.Magic is { } magic)
        {
            yield return $"magic_config_key={magic.Name}";
        }

        if (description.Lines.Count > 0)
        {
            yield return "has_dump_plugin=1";
        }

        if (plugin.Parameters.Declarations.Count > 0 || plugin.Parameters.AnyOther is not null)
        {
            yield return "has_config=1";
            yield return "has_config_complete=1";
            yield return "has_config_help=1";
        }

        yield return "has_get_ready=1";

        foreach (var key in Callbacks.Where(callback => plugin.Operations.HasFlag(callback.Operation)).SelectMany(callback => callback.Keys))
        {
            yield return $"has_{key}=1";
        }

        foreach (var line in description.Lines)
        {
            yield return line;
        }
    }

    private static string Name(ThreadModel model) => model switch
    {
        ThreadModel.SerializeConnections => "serialize_connections",
        ThreadModel.SerializeAllRequests => "serialize_all_requests",
        ThreadModel.SerializeRequests => "serialize_requests",
        _ => "parallel",
    };
}
