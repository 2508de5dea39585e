using SharpNbd.Abstractions;

// The example of docs/writing-a-filter.md, word for word: a test compares them.
namespace SharpNbd.Filters.Tests;

public sealed record BadStartOptions
{
    [Parameter("bad-size", "How much of the start cannot be read.")]
    public ByteSize Size { get; init; } = new(1 << 20);
}

public sealed class BadStartFilter : Filter<BadStartOptions>
{
    public override string Name => "bad-start";

    public override string Summary => "let reads of the start of the disk fail";

    protected override DiskSource Wrap(DiskSource inner, BadStartOptions options, ComponentContext context) => new BadStartSource(inner, options);
}

internal sealed class BadStartSource(DiskSource inner, BadStartOptions options) : SourceFilter(inner)
{
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => new BadStartDisk(await Inner.OpenAsync(request, cancellationToken), options);
}

internal sealed class BadStartDisk(Disk inner, BadStartOptions options) : DiskFilter(inner)
{
    protected override bool PassesReads => false;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => offset < options.Size.Value
            ? throw new NbdException(NbdError.EIO, "the start of the disk is bad")
            : Inner.ReadAsync(offset, buffer, cancellationToken);
}
