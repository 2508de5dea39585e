using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk that is made of shell scripts on the command line.</summary>
public sealed class EvalPlugin : Plugin
{
    /// <inheritdoc/>
    public override string Name => "eval";

    /// <inheritdoc/>
    public override string Summary => "Disk made of shell scripts on the command line";

    /// <inheritdoc/>
    public override ParameterTable Parameters => field ??= ParameterTable.Of<EvalOptions>();

    /// <inheritdoc/>
    public override DiskOperations Operations => ScriptFacts.Operations;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Facts => ScriptFacts.All;

    /// <inheritdoc/>
    public override async ValueTask<PluginDescription> DescribeAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
    {
        await using var host = await LoadAsync(values, context, cancellationToken);
        return await ScriptFacts.DescribeAsync(host, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<DiskSource> CreateAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
        => await ScriptSource.CreateAsync(await LoadAsync(values, context, cancellationToken), cancellationToken);

    private async ValueTask<ScriptHost> LoadAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
    {
        ScriptHost.RequireSupport();
        var commands = new EvalCommands(values.Where(value => Parameters.Find(value.Key) is not null));
        var host = new ScriptHost(commands, new ScriptDirectory("eval", context.Logger), context);
        try
        {
            foreach (var value in values.Where(value => Parameters.Find(value.Key) is null))
            {
                await host.ConfigureAsync(value, cancellationToken);
            }

            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }
}
