namespace SharpNbd.Abstractions;

/// <summary>A plugin with its options, ready to make a source; <see cref="Plugin{TOptions}.With(TOptions)"/> makes it.</summary>
public sealed class ConfiguredPlugin
{
    private readonly Func<ComponentContext, CancellationToken, ValueTask<DiskSource>> _create;

    internal ConfiguredPlugin(Plugin plugin, Func<ComponentContext, CancellationToken, ValueTask<DiskSource>> create)
    {
        Plugin = plugin;
        _create = create;
    }

    /// <summary>The kind of disk.</summary>
    public Plugin Plugin { get; }

    /// <summary>Makes the source, which whoever gets it disposes.</summary>
    /// <param name="context">What the server offers; null for nothing but the clock of the system.</param>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    /// <exception cref="ParameterException">The options are wrong, or name something that is not there.</exception>
    public ValueTask<DiskSource> CreateAsync(ComponentContext? context = null, CancellationToken cancellationToken = default)
        => _create(context ?? ComponentContext.None, cancellationToken);
}
