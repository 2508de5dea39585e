namespace SharpNbd.Plugins;

/// <summary>
/// Addresses by index, for up to 2^43 indexes of which few are in use. Three levels, each grown when it is first needed; what
/// was put in stays. Lookups take no lock.
/// </summary>
internal sealed class ChunkTable
{
    private const int Bits = 11;
    private const int Width = 1 << Bits;

    private readonly long _count;
    private readonly nint[]?[]?[] _root;

    /// <summary>An empty table.</summary>
    /// <param name="count">Indexes are below this.</param>
    public ChunkTable(long count)
    {
        _count = count;
        _root = new nint[]?[]?[(count + (Width * Width) - 1) / (Width * Width)];
    }

    /// <summary>The address, or 0.</summary>
    public nint this[long index]
    {
        get
        {
            var leaf = Volatile.Read(ref _root[index >> (2 * Bits)])?[Middle(index)];
            return leaf is null ? 0 : Volatile.Read(ref leaf[index & (Width - 1)]);
        }
    }

    /// <summary>Puts an address in, unless another thread was faster.</summary>
    /// <returns>The address that is in the table now.</returns>
    public nint Add(long index, nint address)
    {
        ref var middle = ref _root[index >> (2 * Bits)];
        var leaves = Volatile.Read(ref middle) ?? Grow(ref middle, new nint[]?[Math.Min(Width, (_count + Width - 1) / Width)]);
        ref var place = ref leaves[Middle(index)];
        var leaf = Volatile.Read(ref place) ?? Grow(ref place, new nint[Math.Min(Width, _count)]);
        var other = Interlocked.CompareExchange(ref leaf[index & (Width - 1)], address, 0);
        return other == 0 ? address : other;
    }

    /// <summary>The first index from <paramref name="index"/> on that is in use; <paramref name="limit"/> if there is none before it.</summary>
    public long NextInUse(long index, long limit)
    {
        while (index < limit)
        {
            if (Volatile.Read(ref _root[index >> (2 * Bits)]) is not { } leaves)
            {
                index = ((index >> (2 * Bits)) + 1) << (2 * Bits);
            }
            else if (Volatile.Read(ref leaves[Middle(index)]) is not { } leaf)
            {
                index = ((index >> Bits) + 1) << Bits;
            }
            else if (Volatile.Read(ref leaf[index & (Width - 1)]) == 0)
            {
                index++;
            }
            else
            {
                return index;
            }
        }

        return limit;
    }

    private static long Middle(long index) => (index >> Bits) & (Width - 1);

    private static T Grow<T>(ref T? place, T fresh)
        where T : class
        => Interlocked.CompareExchange(ref place, fresh, null) ?? fresh;
}
