using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A lasting disk for each export name, made when it is first asked for.</summary>
public sealed class OndemandPlugin : Plugin<OndemandOptions>
{
    /// <inheritdoc/>
    public override string Name => "ondemand";

    /// <inheritdoc/>
    public override string Summary => "Lasting file system for each export name, made when it is first asked for";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Zero
        | DiskOperations.Cache | DiskOperations.Extents | DiskOperations.MultiConn | DiskOperations.ListExports;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(OndemandOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.Directory.Value))
        {
            throw new ParameterException($"dir={options.Directory.Value}: there is no such directory");
        }

        var maker = new DiskMaker(new DiskRecipe(options.Size.Value, options.Type, options.Label, options.Command, options.Others));
        return new(new OndemandSource(options, maker, context));
    }
}
