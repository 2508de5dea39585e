using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>Gives the one disk of a script to every connection.</summary>
/// <param name="disk">The disk, closed with the source.</param>
internal sealed class ScriptDiskSource(Disk disk) : DiskSource
{
    /// <inheritdoc/>
    public override ThreadModel ThreadModel => disk is ScriptDisk script ? script.ThreadModel : ThreadModel.Parallel;

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
