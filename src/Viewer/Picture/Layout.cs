using System.Numerics;

namespace SharpNbd.Viewer;

/// <summary>How a disk becomes a picture: a cell for each block, in rows from the top left.</summary>
internal sealed record Layout
{
    /// <summary>Blocks are larger on disks that would have more of them. A picture of this size still draws at once.</summary>
    public const int MaximumCells = 65_536;

    /// <summary>The block of file systems, and of disks of up to 256 MiB.</summary>
    public const long SmallestBlock = 4096;

    private readonly int _shift;

    private Layout(long size, int shift)
    {
        Size = size;
        _shift = shift;
        Cells = (int)((size - 1) >> shift) + 1;

        // A power of two, so that what lies regularly on the disk lies in columns; as near to a square as that can be.
        Width = 1 << (int)Math.Round(Math.Log2(Cells) / 2, MidpointRounding.AwayFromZero);
        Height = ((Cells - 1) / Width) + 1;
    }

    /// <summary>The disk's size in bytes.</summary>
    public long Size { get; }

    /// <summary>The bytes that a cell stands for.</summary>
    public long BlockSize => 1L << _shift;

    /// <summary>The cells; the last row need not be full.</summary>
    public int Cells { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The layout for a disk of so many bytes, at least 1.</summary>
    public static Layout For(long size)
    {
        var shift = BitOperations.Log2((ulong)SmallestBlock);
        while ((size - 1) >> shift >= MaximumCells)
        {
            shift++;
        }

        return new Layout(size, shift);
    }

    /// <summary>The cells that a request touches, from and until; none where it lies behind the end.</summary>
    public (int Start, int End) Touched(long offset, long count)
    {
        if (count <= 0 || offset >= Size)
        {
            return default;
        }

        var last = count > Size - offset ? Size - 1 : offset + count - 1;
        return ((int)(offset >> _shift), (int)(last >> _shift) + 1);
    }
}
