using SharpNbd.Abstractions;

/// <summary>What all connections share: the files.</summary>
internal sealed class ChunksSource(ChunkFiles files, long size) : DiskSource
{
    // One request at a time, of all connections together. So the files need no locks, and a chunk is not removed while it is written.
    public override ThreadModel ThreadModel => ThreadModel.SerializeAllRequests;

    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => new(new ChunksDisk(files, size, canWrite: !request.ReadOnly));
}
