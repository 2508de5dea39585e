using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>How memory is taken for a disk: the value of <c>allocator=</c>.</summary>
/// <param name="IsFlat">One block of the disk's full size.</param>
/// <param name="IsLocked">The block is locked into memory.</param>
internal readonly record struct Allocator(bool IsFlat, bool IsLocked)
{
    private const string Lock = "malloc,mlock";
    private const string Forms = "one of sparse, malloc, malloc,mlock=true is needed";

    /// <summary>Reads the value of the parameter.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Allocator Parse(string text) => text.ToLowerInvariant() switch
    {
        "sparse" => default,
        "malloc" => new Allocator(IsFlat: true, IsLocked: false),
        "zstd" => throw new FormatException($"known to nbdkit, not built yet; {Forms}"),
        var other when other.StartsWith(Lock, StringComparison.Ordinal) => new Allocator(IsFlat: true, IsLocked: ParseLock(other[Lock.Length..])),
        _ => throw new FormatException(Forms),
    };

    /// <summary>Makes an empty store.</summary>
    /// <exception cref="ParameterException">There is not so much memory, or it cannot be locked.</exception>
    public ByteStore Create(long size)
        => IsFlat ? new FlatStore(size, IsLocked, PageMemory.Default) : new SparseStore(size, PageMemory.Default);

    private static bool ParseLock(string text) => text switch
    {
        "" or "=1" or "=true" or "=t" or "=yes" or "=y" or "=on" => true,
        "=0" or "=false" or "=f" or "=no" or "=n" or "=off" => false,
        _ => throw new FormatException($"mlock is true or false; {Forms}"),
    };
}
