using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SharpNbd.Plugins;

/// <summary>
/// Copies into memory that is probably not in a cache and will not be read soon: past the caches, where the processor can. An ordinary
/// copy first reads what it overwrites; without that, 4 KiB to a random place of 512 MiB took 0.28 µs instead of 0.87.
/// </summary>
internal static unsafe class StreamingCopy
{
    /// <summary>From here on, 2 KiB, going past the caches pays; shorter pieces are metadata, which is often read again at once.</summary>
    private const int ShortestLength = 2048;

    private const int LineSize = 64;

    /// <summary>Copies; every byte is visible to other threads behind the caller's next full fence.</summary>
    public static void Copy(ReadOnlySpan<byte> source, byte* destination)
    {
        if (!Sse2.IsSupported || source.Length < ShortestLength)
        {
            source.CopyTo(new Span<byte>(destination, source.Length));
            return;
        }

        // Stores that go past the caches want whole lines, which begin at multiples of their size.
        var head = (int)(-(nint)destination & (LineSize - 1));
        var lines = (source.Length - head) & ~(LineSize - 1);
        source[..head].CopyTo(new Span<byte>(destination, head));
        CopyLines(ref Unsafe.Add(ref MemoryMarshal.GetReference(source), head), destination + head, lines);
        var tail = source[(head + lines)..];
        tail.CopyTo(new Span<byte>(destination + head + lines, tail.Length));
    }

    private static void CopyLines(ref byte source, byte* destination, int length)
    {
        for (nint i = 0; i < length; i += LineSize)
        {
            var first = Vector128.LoadUnsafe(ref source, (nuint)i);
            var second = Vector128.LoadUnsafe(ref source, (nuint)i + 16);
            var third = Vector128.LoadUnsafe(ref source, (nuint)i + 32);
            var fourth = Vector128.LoadUnsafe(ref source, (nuint)i + 48);
            first.StoreAlignedNonTemporal(destination + i);
            second.StoreAlignedNonTemporal(destination + i + 16);
            third.StoreAlignedNonTemporal(destination + i + 32);
            fourth.StoreAlignedNonTemporal(destination + i + 48);
        }

        Sse.StoreFence();
    }
}
