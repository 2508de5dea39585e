using System.Diagnostics.CodeAnalysis;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A plugin whose parameters and source a test chooses.</summary>
/// <typeparam name="TOptions">The record that declares the parameters.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="create">Makes the source; may throw.</param>
public sealed class StubPlugin<[DynamicallyAccessedMembers(ParameterTable.NeededMembers)] TOptions>(
    string name, Func<TOptions, DiskSource> create) : Plugin<TOptions>
    where TOptions : class
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Summary => $"the stub {name}";

    /// <inheritdoc/>
    public override DiskOperations Operations => OfferedOperations;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Facts => OfferedFacts;

    /// <summary>What <see cref="Operations"/> answers.</summary>
    public DiskOperations OfferedOperations { get; init; }

    /// <summary>What <see cref="Facts"/> answers.</summary>
    public IEnumerable<KeyValuePair<string, string>> OfferedFacts { get; init; } = [];

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        TOptions options, ComponentContext context, CancellationToken cancellationToken) => new(create(options));
}
