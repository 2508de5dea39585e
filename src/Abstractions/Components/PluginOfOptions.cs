using System.Diagnostics.CodeAnalysis;

namespace SharpNbd.Abstractions;

/// <summary>A kind of disk.</summary>
/// <typeparam name="TOptions">A record whose properties declare the parameters, see <see cref="ParameterAttribute"/>.</typeparam>
public abstract class Plugin<[DynamicallyAccessedMembers(ParameterTable.NeededMembers)] TOptions> : Plugin
    where TOptions : class
{
    /// <inheritdoc/>
    public sealed override ParameterTable Parameters => field ??= ParameterTable.Of<TOptions>();

    /// <inheritdoc/>
    public sealed override ValueTask<DiskSource> CreateAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
        => CreateAsync(Parameters.Bind<TOptions>(values), context, cancellationToken);

    /// <summary>The plugin with its options, for programs that put a chain together themselves.</summary>
    /// <param name="options">The options, for example <c>new() { Size = 64 &lt;&lt; 20 }</c>.</param>
    public ConfiguredPlugin With(TOptions options) => new(this, (context, cancellation) => CreateAsync(options, context, cancellation));

    /// <summary>Makes a source out of its options. Checks here what concerns several options or the world outside.</summary>
    /// <param name="options">The options, each valid by itself.</param>
    /// <param name="context">What the server offers.</param>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    /// <exception cref="ParameterException">The options do not fit together or name something that is not there.</exception>
    protected abstract ValueTask<DiskSource> CreateAsync(
        TOptions options, ComponentContext context, CancellationToken cancellationToken);
}
