using System.Numerics;
using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>
/// Random bytes that are a function of seed and offset, so that nothing needs to be kept. Made for speed and for spotting misplaced
/// data, not for secrets.
/// </summary>
/// <param name="seed">Decides all of them.</param>
internal readonly struct RandomContent(ulong seed)
{
    private const int Group = sizeof(ulong);

    // 2^64 divided by the golden ratio: multiples of it are spread evenly over all numbers.
    private const ulong Step = 0x9e37_79b9_7f4a_7c15;

    private readonly ulong _start = Mix(seed);

    /// <summary>A seed for a disk that shall be like no other one.</summary>
    public static ulong NewSeed() => (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>The 64 random bits of an index.</summary>
    public ulong this[long index] => Mix(_start + ((ulong)index * Step));

    /// <summary>Fills a buffer with the bytes at an offset.</summary>
    public void Fill(long offset, Span<byte> buffer)
    {
        var index = offset / Group;
        if (offset % Group != 0)
        {
            var rest = FillPart(index++, (int)(offset % Group), buffer);
            buffer = buffer[rest..];
        }

        var state = _start + ((ulong)index * Step);
        var groups = MemoryMarshal.Cast<byte, ulong>(buffer);
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = Mix(state);
            state += Step;
        }

        var done = groups.Length * Group;
        if (done < buffer.Length)
        {
            _ = FillPart(index + groups.Length, 0, buffer[done..]);
        }
    }

    /// <summary>Tells whether these are the bytes at an offset.</summary>
    public bool Matches(long offset, ReadOnlySpan<byte> data)
    {
        Span<byte> expected = stackalloc byte[4096];
        while (!data.IsEmpty)
        {
            var piece = expected[..Math.Min(expected.Length, data.Length)];
            Fill(offset, piece);
            if (!data.StartsWith(piece))
            {
                return false;
            }

            offset += piece.Length;
            data = data[piece.Length..];
        }

        return true;
    }

    /// <summary>Fills with a part of one group and tells how many bytes that were.</summary>
    private int FillPart(long index, int within, Span<byte> buffer)
    {
        var group = this[index];
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in group))[within..];
        bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    /// <summary>Turns numbers, however alike, into ones that have nothing in common: every bit of the input changes half of the output's.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 32)) * 0xd6e8_feb8_6659_fd93;
        value = (value ^ (value >> 32)) * 0xd6e8_feb8_6659_fd93;
        return BitOperations.RotateLeft(value ^ (value >> 32), 17);
    }
}
