using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens sparse random disks that all hold the same.</summary>
internal sealed class SparseRandomSource : DiskSource
{
    private readonly long _size;
    private readonly SparseRandomContent _content;

    public SparseRandomSource(SparseRandomOptions options)
    {
        _size = options.Size.Value;
        var random = new RandomContent(options.Seed ?? RandomContent.NewSeed());
        _content = new SparseRandomContent(random, new RandomRuns(random, options.DataShare, options.RunLength.Value), options.RandomContent);
    }

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => new(new SparseRandomDisk(_size, _content));
}
