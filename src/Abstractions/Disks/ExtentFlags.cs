namespace SharpNbd.Abstractions;

/// <summary>What is known of an extent; the values are those of the <c>base:allocation</c> context.</summary>
[Flags]
public enum ExtentFlags
{
    /// <summary>Allocated data, or nothing known: always a right answer.</summary>
    Data = 0,

    /// <summary>The range takes no space (NBD_STATE_HOLE).</summary>
    Hole = 1,

    /// <summary>The range reads as zeroes (NBD_STATE_ZERO).</summary>
    Zero = 2,
}
