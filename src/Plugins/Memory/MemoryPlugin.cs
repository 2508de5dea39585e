using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk held in memory, shared by every connection and lost when the server ends.</summary>
public sealed class MemoryPlugin : Plugin<MemoryOptions>
{
    /// <inheritdoc/>
    public override string Name => "memory";

    /// <inheritdoc/>
    public override string Summary => "RAM disk shared by all connections";

    /// <inheritdoc/>
    public override DiskOperations Operations => StoreDisk.Operations;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Facts => StoreFacts.All;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        MemoryOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new StoreSource(Allocator.Parse(options.Allocator).Create(options.Size.Value)));
}
