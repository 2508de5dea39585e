using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>
/// What a fuzzed connection meets: the first byte of an input chooses the disk and how it is reached, the second one into how large pieces
/// the stream is cut.
/// </summary>
public sealed record FuzzWorld
{
    /// <summary>The bytes that the disk keeps; what a larger one is told to write behind them is forgotten.</summary>
    public const int ContentSize = 160 << 10;

    /// <summary>What fails, where anything does.</summary>
    public static readonly ByteRange Bad = new(0x6000, 0x200);

    /// <summary>Over what reads and writes a socket in the server; otherwise over any stream.</summary>
    public bool IsSocket { get; init; } = true;

    /// <summary>Calls are done at once, but are told to be so only when the connection has nothing else to do.</summary>
    public bool IsLate { get; init; }

    /// <summary>Reads are answered with memory of the disk, and with holes.</summary>
    public bool IsLending { get; init; }

    /// <summary>The server was told to serve read-only.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The disk can be written, and nothing else.</summary>
    public bool IsPoor { get; init; }

    /// <summary>The disk takes blocks of 512 bytes, and at most 64 KiB at once.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>The disk has 2^62 bytes.</summary>
    public bool IsHuge { get; init; }

    /// <summary>Reads and writes of <see cref="Bad"/> fail.</summary>
    public bool Fails { get; init; }

    /// <summary>How many bytes arrive and leave at once; 0 for all that there are.</summary>
    public int Chunk { get; init; }

    /// <summary>Whether TLS is offered or required.</summary>
    public FuzzTls Tls { get; init; }

    /// <summary>There is no negotiation.</summary>
    public bool IsOldstyle { get; init; }

    /// <summary>Structured replies and extended headers are refused.</summary>
    public bool RefusesStructuredReplies { get; init; }

    /// <summary>Meta contexts are refused.</summary>
    public bool RefusesMetaContexts { get; init; }

    /// <summary>Neither fixed newstyle negotiation nor leaving out zeroes is offered.</summary>
    public bool OffersNoFlags { get; init; }

    /// <summary>The size of the disk.</summary>
    public long Size => IsHuge ? 1L << 62 : ContentSize;

    /// <summary>The longest read or write.</summary>
    public long MaximumPayload => HasBlocks || IsHuge ? 64 << 10 : 64 << 20;

    /// <summary>What every offset and length is a multiple of.</summary>
    public long MinimumBlock => HasBlocks ? 512 : 1;

    /// <summary>What the disk can do.</summary>
    public DiskCapabilities Capabilities => (IsPoor ? new DiskCapabilities { CanWrite = true } : RecordingDisk.Everything) with
    {
        BlockSize = HasBlocks || IsHuge ? new BlockSize(MinimumBlock, 4096, MaximumPayload) : null,
    };

    /// <summary>The world of an input to one of the targets of the transmission phase.</summary>
    public static FuzzWorld OfTransmission(byte bits, byte chunk) => new()
    {
        IsSocket = (bits & 1) == 0,
        IsLate = (bits & 2) != 0,
        IsLending = (bits & 4) != 0,
        IsReadOnly = (bits & 8) != 0,
        IsPoor = (bits & 16) != 0,
        HasBlocks = (bits & 32) != 0,
        IsHuge = (bits & 64) != 0,
        Fails = (bits & 128) != 0,
        Chunk = chunk,
    };

    /// <summary>The world of an input to the handshake.</summary>
    public static FuzzWorld OfHandshake(byte bits, byte chunk) => new()
    {
        IsSocket = (bits & 1) == 0,
        Tls = (bits & 2) == 0 ? FuzzTls.Off : (bits & 4) == 0 ? FuzzTls.On : FuzzTls.Require,
        IsOldstyle = (bits & 6) == 4,
        RefusesStructuredReplies = (bits & 8) != 0,
        RefusesMetaContexts = (bits & 16) != 0,
        OffersNoFlags = (bits & 32) != 0,
        HasBlocks = (bits & 64) != 0,
        IsReadOnly = (bits & 128) != 0,
        Chunk = chunk,
    };
}
