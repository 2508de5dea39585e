using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk that is a shell script, or any other program, which is run for each request.</summary>
public sealed class ShPlugin : Plugin
{
    private const string ScriptKey = "script";

    /// <inheritdoc/>
    public override string Name => "sh";

    /// <inheritdoc/>
    public override string Summary => "Disk that is a script in any language, run for each request";

    /// <inheritdoc/>
    public override ParameterTable Parameters => field ??= ParameterTable.Of<ShOptions>();

    /// <inheritdoc/>
    public override DiskOperations Operations => ScriptFacts.Operations;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Facts => ScriptFacts.All;

    /// <inheritdoc/>
    public override async ValueTask<PluginDescription> DescribeAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
    {
        // Without a script it is only the plugin itself that is described.
        if (!values.Any(value => value.Key == ScriptKey))
        {
            return await base.DescribeAsync(values, context, cancellationToken);
        }

        await using var host = await LoadAsync(values, context, cancellationToken);
        return await ScriptFacts.DescribeAsync(host, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<DiskSource> CreateAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
    {
        if (Parameters.Check(values) is { Count: > 0 } errors)
        {
            throw new ParameterException(errors);
        }

        return await ScriptSource.CreateAsync(await LoadAsync(values, context, cancellationToken), cancellationToken);
    }

    /// <summary>Loads the script and tells it the parameters, in their order.</summary>
    private static async ValueTask<ScriptHost> LoadAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
    {
        ScriptHost.RequireSupport();
        var directory = new ScriptDirectory("sh", context.Logger);
        ScriptHost host;
        var first = values.Index().First(value => value.Item.Key == ScriptKey);
        try
        {
            host = new ScriptHost(new ShCommands(ShScript.Find(first.Item.Value, directory)), directory, context);
        }
        catch
        {
            directory.Dispose();
            throw;
        }

        try
        {
            _ = (await host.RunAsync(new ScriptCall(ScriptMethods.Load) { Abandoned = cancellationToken })).IsGiven;
            var magic = await host.RunAsync(new ScriptCall(ScriptMethods.MagicConfigKey) { Abandoned = cancellationToken });
            var magicKey = magic.IsGiven ? magic.Line : null;
            foreach (var value in values.Index().Where(value => value.Index != first.Index).Select(value => value.Item))
            {
                await host.ConfigureAsync(Named(value, magicKey), cancellationToken);
            }

            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    // Behind the script a word without key is for the key that the script names.
    private static ParameterValue Named(ParameterValue value, string? magicKey)
        => value.Key != ScriptKey ? value
            : magicKey is { Length: > 0 } ? value with { Key = magicKey }
            : throw new ParameterException($"'{value.Value}' is not KEY=VALUE, and the script takes no value without a key");
}
