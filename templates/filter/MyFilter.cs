using SharpNbd.Abstractions;

public sealed record OwnFilterOptions
{
    [Parameter("keep", "How much of the start of the disk cannot be changed.")]
    public ByteSize Keep { get; init; } = new(1 << 20);
}

public sealed class OwnFilterFilter : Filter<OwnFilterOptions>
{
    public override string Name => "NAME-OF-THE-COMPONENT";

    public override string Summary => "let nobody change the start of the disk";

    protected override DiskSource Wrap(DiskSource inner, OwnFilterOptions options, ComponentContext context) => new OwnFilterSource(inner, options);
}

internal sealed class OwnFilterSource(DiskSource inner, OwnFilterOptions options) : SourceFilter(inner)
{
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => new OwnFilter(await Inner.OpenAsync(request, cancellationToken), options);
}

// What is not overridden passes. A disk is changed in three ways, and a filter that cares has to look at all of them.
internal sealed class OwnFilter(Disk inner, OwnFilterOptions options) : DiskFilter(inner)
{
    // Nothing happens to reads here, so that they may take the fastest way.
    protected override bool PassesReads => true;

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => Inner.WriteAsync(Checked(offset), data, flags, cancellationToken);

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => Inner.TrimAsync(range with { Offset = Checked(range.Offset) }, flags, cancellationToken);

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => Inner.ZeroAsync(range with { Offset = Checked(range.Offset) }, flags, cancellationToken);

    private long Checked(long offset)
        => offset >= options.Keep.Value ? offset : throw new NbdException(NbdError.EPERM, $"the first {options.Keep} of the disk cannot be changed");
}
