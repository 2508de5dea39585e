using SharpNbd.Abstractions;

/// <summary>The parameters.</summary>
public sealed record ChunksOptions
{
    [Parameter("dir", "Directory of the chunk files; it is made if it is not there.", IsMagic = true)]
    public required FilePath Directory { get; init; }

    [Parameter("size", "Size of the disk. A disk that was larger keeps what lies behind.")]
    public required ByteSize Size { get; init; }

    [Parameter("chunk", "Size of a chunk file, 4k to 1G. Fixed when the directory is made.")]
    public ByteSize Chunk { get; init; } = new(4 << 20);
}

/// <summary>A disk that is a directory of numbered files, so that programs which copy files copy what has changed only.</summary>
public sealed class ChunksPlugin : Plugin<ChunksOptions>
{
    private const string LayoutFile = "chunk-size";

    public override string Name => "chunks";

    public override string Summary => "Disk in a directory of chunk files";

    public override ThreadModel ThreadModel => ThreadModel.SerializeAllRequests;

    public override DiskOperations Operations
        => DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Extents | DiskOperations.MultiConn;

    protected override ValueTask<DiskSource> CreateAsync(ChunksOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        if (options.Chunk.Value is < 4 << 10 or > 1 << 30)
        {
            throw new ParameterException($"chunk={options.Chunk}: a chunk has 4k to 1G");
        }

        // Chunks of another size would be at other places.
        var layout = Path.Combine(options.Directory.Value, LayoutFile);
        if (File.Exists(layout))
        {
            var made = File.ReadAllText(layout).Trim();
            if (made != options.Chunk.ToString())
            {
                throw new ParameterException($"chunk={options.Chunk}: {options.Directory} was made with chunk={made}");
            }
        }
        else
        {
            Directory.CreateDirectory(options.Directory.Value);
            File.WriteAllText(layout, $"{options.Chunk}\n");
        }

        return new(new ChunksSource(new ChunkFiles(options.Directory.Value, (int)options.Chunk.Value), options.Size.Value));
    }
}
