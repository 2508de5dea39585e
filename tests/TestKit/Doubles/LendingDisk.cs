using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A disk that lends what lies in its first 16 KiB, in pieces as a hole. The addresses are the offsets: nobody may read from them.</summary>
public sealed class LendingDisk(Disk inner) : DiskFilter(inner)
{
    /// <summary>Everything else is answered at once.</summary>
    public LendingDisk()
        : this(new RecordingDisk())
    {
    }

    /// <inheritdoc/>
    protected override bool PassesReads => false;

    /// <inheritdoc/>
    public override bool TryLend(long offset, int length, out LentMemory memory)
    {
        memory = new LentMemory((nint)offset, length);
        return offset < 0x4000;
    }

    /// <inheritdoc/>
    public override bool TryLendPieces(long offset, int length, LentPieces pieces)
    {
        pieces.AddHole(length);
        return offset < 0x4000;
    }
}
