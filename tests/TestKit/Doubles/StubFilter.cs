using System.Diagnostics.CodeAnalysis;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A filter whose parameters and source a test chooses.</summary>
/// <typeparam name="TOptions">The record that declares the parameters.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="wrap">Puts a source in front of another one; may throw.</param>
public sealed class StubFilter<[DynamicallyAccessedMembers(ParameterTable.NeededMembers)] TOptions>(
    string name, Func<DiskSource, TOptions, DiskSource> wrap) : Filter<TOptions>
    where TOptions : class
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Summary => $"the stub {name}";

    /// <inheritdoc/>
    protected override DiskSource Wrap(DiskSource inner, TOptions options, ComponentContext context) => wrap(inner, options);
}
