namespace SharpNbd.Abstractions;

/// <summary>Flags of a zero request.</summary>
[Flags]
public enum ZeroFlags
{
    /// <summary>No flag: the range reads as zeroes afterwards and its space stays allocated.</summary>
    None = 0,

    /// <summary>As <see cref="WriteFlags.Fua"/>.</summary>
    Fua = 1,

    /// <summary>The disk may give the space back (NBD_CMD_FLAG_NO_HOLE was not set).</summary>
    MayTrim = 2,

    /// <summary>
    /// Fail with <see cref="NbdError.ENOTSUP"/>, at once and with nothing changed, unless zeroing is faster than writing
    /// (NBD_CMD_FLAG_FAST_ZERO). Seen only when <see cref="DiskCapabilities.CanFastZero"/>.
    /// </summary>
    Fast = 4,
}
