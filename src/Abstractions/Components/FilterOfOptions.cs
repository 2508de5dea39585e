using System.Diagnostics.CodeAnalysis;

namespace SharpNbd.Abstractions;

/// <summary>A kind of filter.</summary>
/// <typeparam name="TOptions">A record whose properties declare the parameters, see <see cref="ParameterAttribute"/>.</typeparam>
public abstract class Filter<[DynamicallyAccessedMembers(ParameterTable.NeededMembers)] TOptions> : Filter
    where TOptions : class
{
    /// <inheritdoc/>
    public sealed override ParameterTable Parameters => field ??= ParameterTable.Of<TOptions>();

    /// <inheritdoc/>
    public sealed override DiskSource Wrap(DiskSource inner, IReadOnlyList<ParameterValue> values, ComponentContext context)
        => Wrap(inner, Parameters.Bind<TOptions>(values), context);

    /// <summary>The filter with its options, for programs that put a chain together themselves.</summary>
    /// <param name="options">The options, for example <c>new() { Read = TimeSpan.FromSeconds(1) }</c>.</param>
    public ConfiguredFilter With(TOptions options) => new(this, (inner, context) => Wrap(inner, options, context));

    /// <summary>Puts the filter in front of a source.</summary>
    /// <param name="inner">The next source towards the plugin, owned by the result.</param>
    /// <param name="options">The options, each valid by itself.</param>
    /// <param name="context">What the server offers.</param>
    /// <exception cref="ParameterException">The options do not fit together or name something that is not there.</exception>
    protected abstract DiskSource Wrap(DiskSource inner, TOptions options, ComponentContext context);
}
