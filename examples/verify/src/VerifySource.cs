using SharpNbd.Abstractions;

/// <summary>Puts a checking disk in front of each disk that is opened.</summary>
internal sealed class VerifySource(DiskSource inner, Checksums sums) : SourceFilter(inner)
{
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        // Nobody is to write, and a plugin that knows it may do better.
        var disk = await Inner.OpenAsync(request with { ReadOnly = true }, cancellationToken);
        if (sums.Covers(disk.Size))
        {
            return new VerifyDisk(disk, sums);
        }

        var size = disk.Size;
        await disk.DisposeAsync();
        throw new NbdException(NbdError.EINVAL, $"the checksums are those of another disk: there are {sums.Count} for one of {size} bytes");
    }
}
