using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

/// <summary>A disk that answers reads in pieces: runs of one byte each, or holes. Reads that are not lent fail.</summary>
internal sealed class PiecedDisk(params (int Length, byte? Fill)[] runs) : Disk
{
    private readonly byte[]?[] _memory = [.. runs.Select(run => run.Fill is { } fill ? Pinned(run.Length, fill) : null)];

    public override long Size => runs.Sum(run => (long)run.Length);

    public override DiskCapabilities Capabilities { get; } = new();

    /// <summary>A list that is a byte short, which the server has to notice.</summary>
    public bool IsShort { get; init; }

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => throw new NbdException(NbdError.EIO, "not in pieces");

    public override unsafe bool TryLendPieces(long offset, int length, LentPieces pieces)
    {
        var start = 0L;
        var end = offset + length - (IsShort ? 1 : 0);
        for (var i = 0; i < runs.Length; start += runs[i++].Length)
        {
            var from = Math.Max(start, offset);
            var count = (int)(Math.Min(start + runs[i].Length, end) - from);
            if (count <= 0)
            {
                continue;
            }

            if (_memory[i] is { } memory)
            {
                fixed (byte* address = &memory[from - start])
                {
                    pieces.Add(new LentMemory((nint)address, count));
                }
            }
            else
            {
                pieces.AddHole(count);
            }
        }

        return true;
    }

    private static byte[] Pinned(int length, byte fill)
    {
        var memory = GC.AllocateArray<byte>(length, pinned: true);
        memory.AsSpan().Fill(fill);
        return memory;
    }
}
