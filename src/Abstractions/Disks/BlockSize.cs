using System.Numerics;

namespace SharpNbd.Abstractions;

/// <summary>The block size constraints of a disk, in bytes (NBD protocol, "Block size constraints").</summary>
public readonly record struct BlockSize
{
    /// <summary>The largest minimum block size that the protocol allows, 64 KiB.</summary>
    public const long LargestMinimum = 65536;

    /// <summary>Constraints that are checked to be what the protocol allows.</summary>
    /// <param name="minimum">Every offset and length must be a multiple of it: a power of two, 1 … 65536.</param>
    /// <param name="preferred">What is served best: a power of two, at least 512 and at least <paramref name="minimum"/>.</param>
    /// <param name="maximum">The longest read or write, at least <paramref name="preferred"/>, at most 0xffffffff.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value breaks these rules.</exception>
    public BlockSize(long minimum, long preferred, long maximum)
    {
        if (minimum is < 1 or > LargestMinimum || !BitOperations.IsPow2(minimum))
        {
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "a power of two from 1 to 65536 is needed");
        }

        if (preferred < Math.Max(512, minimum) || preferred > uint.MaxValue || !BitOperations.IsPow2(preferred))
        {
            throw new ArgumentOutOfRangeException(nameof(preferred), preferred, "a power of two of at least 512 and the minimum is needed");
        }

        if (maximum < preferred || maximum > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "at least the preferred size and at most 0xffffffff is needed");
        }

        Minimum = minimum;
        Preferred = preferred;
        Maximum = maximum;
    }

    /// <summary>Every offset and length is a multiple of it, in bytes.</summary>
    public long Minimum { get; }

    /// <summary>The size and alignment that the disk serves best, in bytes.</summary>
    public long Preferred { get; }

    /// <summary>The longest read or write, in bytes; trim and zero may be longer.</summary>
    public long Maximum { get; }
}
