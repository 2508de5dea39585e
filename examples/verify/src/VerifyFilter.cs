using SharpNbd.Abstractions;

/// <summary>The parameters.</summary>
public sealed record VerifyOptions
{
    [Parameter("verify-sums", "File with the SHA-256 of each block, a line each, as sha256sum writes it.")]
    public required FilePath Sums { get; init; }

    [Parameter("verify-block", "Size of a block, 512 bytes to 32M.")]
    public ByteSize Block { get; init; } = new(64 << 10);
}

/// <summary>Hands on only what has the checksum that it should have.</summary>
public sealed class VerifyFilter : Filter<VerifyOptions>
{
    public override string Name => "verify";

    public override string Summary => "check what is read against a file of checksums";

    protected override DiskSource Wrap(DiskSource inner, VerifyOptions options, ComponentContext context)
        => options.Block.Value is >= 512 and <= 32 << 20
            ? new VerifySource(inner, Checksums.Read(options.Sums.Value, (int)options.Block.Value))
            : throw new ParameterException($"verify-block={options.Block}: a block has 512 bytes to 32M");
}
