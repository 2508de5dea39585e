namespace SharpNbd.Abstractions;

/// <summary>A filter with its options, ready to be put in front of a source; <see cref="Filter{TOptions}.With(TOptions)"/> makes it.</summary>
public sealed class ConfiguredFilter
{
    private readonly Func<DiskSource, ComponentContext, DiskSource> _wrap;

    internal ConfiguredFilter(Filter filter, Func<DiskSource, ComponentContext, DiskSource> wrap)
    {
        Filter = filter;
        _wrap = wrap;
    }

    /// <summary>The kind of filter.</summary>
    public Filter Filter { get; }

    /// <summary>Puts the filter in front of a source.</summary>
    /// <param name="inner">The next source towards the plugin, owned by the result.</param>
    /// <param name="context">What the server offers; null for nothing but the clock of the system.</param>
    /// <exception cref="ParameterException">The options are wrong, or name something that is not there.</exception>
    public DiskSource Wrap(DiskSource inner, ComponentContext? context = null) => _wrap(inner, context ?? ComponentContext.None);
}
