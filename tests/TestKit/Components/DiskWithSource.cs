using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A disk whose source is there only for it.</summary>
/// <param name="inner">The disk.</param>
/// <param name="source">Its source; closed behind it.</param>
internal sealed class DiskWithSource(Disk inner, DiskSource source) : DiskFilter(inner)
{
    /// <inheritdoc/>
    protected override bool PassesReads => true;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        await source.DisposeAsync();
    }
}
