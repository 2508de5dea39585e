using System.Security.Cryptography;
using SharpNbd.Abstractions;

/// <summary>The SHA-256 of each block of a disk. The last block may be shorter.</summary>
internal sealed class Checksums
{
    private readonly byte[][] _sums;
    private readonly int _blockSize;

    private Checksums(byte[][] sums, int blockSize)
    {
        _sums = sums;
        _blockSize = blockSize;
    }

    /// <summary>How many there are.</summary>
    public int Count => _sums.Length;

    /// <summary>Reads a file in which each line begins with a checksum.</summary>
    public static Checksums Read(string file, int blockSize)
        => new([.. File.ReadLines(file).Select((line, index) => Parse(line)
            ?? throw new ParameterException($"verify-sums={file}: line {index + 1} does not begin with a SHA-256, 64 hexadecimal digits"))], blockSize);

    /// <summary>There is one for each block of a disk of this size.</summary>
    public bool Covers(long size) => Count == (size + _blockSize - 1) / _blockSize;

    /// <summary>The block around a byte.</summary>
    public ByteRange BlockOf(long offset, long size)
    {
        var start = offset - (offset % _blockSize);
        return new ByteRange(start, Math.Min(_blockSize, size - start));
    }

    /// <summary>The block has this content.</summary>
    public bool AreThoseOf(ByteRange block, ReadOnlySpan<byte> content)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, sum);
        return sum.SequenceEqual(_sums[block.Offset / _blockSize]);
    }

    private static byte[]? Parse(string line)
    {
        var sum = new byte[SHA256.HashSizeInBytes];
        return line.Length >= 2 * sum.Length && Convert.FromHexString(line.AsSpan(0, 2 * sum.Length), sum, out _, out _) == System.Buffers.OperationStatus.Done ? sum : null;
    }
}
