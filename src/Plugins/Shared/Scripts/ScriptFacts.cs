using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>What <c>--dump-plugin</c> tells of script plugins.</summary>
internal static class ScriptFacts
{
    /// <summary>A script may serve everything.</summary>
    public const DiskOperations Operations = DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Zero
        | DiskOperations.Cache | DiskOperations.Extents | DiskOperations.MultiConn | DiskOperations.ListExports;

    /// <summary>Scripts ask for this before they use the exit codes of newer versions.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All => [new("max_known_status", "8")];

    /// <summary>Asks a script that has been loaded.</summary>
    public static async ValueTask<PluginDescription> DescribeAsync(ScriptHost host, CancellationToken cancellationToken)
    {
        var threadModel = await host.RunAsync(new ScriptCall(ScriptMethods.ThreadModel) { Abandoned = cancellationToken });
        var own = await host.RunAsync(new ScriptCall(ScriptMethods.DumpPlugin) { Abandoned = cancellationToken });
        return new PluginDescription(
            ScriptNumbers.ThreadModel(threadModel),
            [.. All.Select(fact => $"{fact.Key}={fact.Value}"), .. own.IsGiven ? own.Text.TrimEnd('\n').Split('\n') : []]);
    }
}
