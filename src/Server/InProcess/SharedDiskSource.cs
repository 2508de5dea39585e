using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Gives one disk to every connection; it is closed at the end and not by any of them.</summary>
/// <param name="disk">The disk; disposed with the source.</param>
internal sealed class SharedDiskSource(Disk disk) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new Share(disk));

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => disk.DisposeAsync();

    private sealed class Share(Disk disk) : DiskFilter(disk)
    {
        protected override bool PassesReads => true;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
