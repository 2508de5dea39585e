using System.Numerics;

namespace SharpNbd.Plugins;

/// <summary>A bit for each page, in memory of its owner; safe for threads.</summary>
/// <param name="words">Where the bits are, 64 to a word.</param>
internal readonly unsafe struct PageBitmap(ulong* words)
{
    /// <summary>The bytes that a bitmap takes.</summary>
    public static long LengthFor(long pages) => (pages + 63) / 64 * sizeof(ulong);

    public bool IsSet(long page) => (Volatile.Read(ref words[page >> 6]) >> (int)(page & 63) & 1) != 0;

    /// <summary>The first page from <paramref name="page"/> on whose bit is not as asked; <paramref name="limit"/> if there is none before it.</summary>
    public long EndOfRun(long page, long limit, bool isSet)
    {
        while (page < limit)
        {
            var word = Volatile.Read(ref words[page >> 6]);
            var others = (isSet ? ~word : word) >> (int)(page & 63);
            if (others != 0)
            {
                return Math.Min(limit, page + BitOperations.TrailingZeroCount(others));
            }

            page = (page | 63) + 1;
        }

        return limit;
    }

    public void Set(long first, long end)
    {
        while (first < end)
        {
            ref var word = ref words[first >> 6];
            var mask = MaskOf(first, end);

            // Pages are mostly written again and again: looking first keeps the line shared between the writers.
            if ((Volatile.Read(ref word) & mask) != mask)
            {
                Interlocked.Or(ref word, mask);
            }

            first = (first | 63) + 1;
        }
    }

    /// <summary>Clears the bits and tells whether any was set.</summary>
    public bool Clear(long first, long end)
    {
        var wasSet = false;
        while (first < end)
        {
            ref var word = ref words[first >> 6];
            var mask = MaskOf(first, end);
            if ((Volatile.Read(ref word) & mask) != 0)
            {
                wasSet |= (Interlocked.And(ref word, ~mask) & mask) != 0;
            }

            first = (first | 63) + 1;
        }

        return wasSet;
    }

    /// <summary>The bits of the word of <paramref name="first"/> that stand for the pages from it up to <paramref name="end"/>.</summary>
    private static ulong MaskOf(long first, long end)
    {
        var count = Math.Min(end, (first | 63) + 1) - first;
        return (count == 64 ? ulong.MaxValue : (1UL << (int)count) - 1) << (int)(first & 63);
    }
}
