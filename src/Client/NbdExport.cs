using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>An export as its server describes it.</summary>
public sealed record NbdExport
{
    internal NbdExport()
    {
    }

    /// <summary>The name that the server calls it; the one that was asked for where it does not say.</summary>
    public string Name { get; init; } = "";

    /// <summary>The size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>A sentence for a human, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The block sizes that requests have to keep to, or null where the server does not say.</summary>
    public BlockSize? BlockSize { get; init; }

    /// <summary>Writes are refused.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Seeks are slow.</summary>
    public bool IsRotational { get; init; }

    /// <summary>Several connections see one disk, and a flush on one covers all.</summary>
    public bool CanMultiConn { get; init; }

    /// <summary><see cref="NbdClient.FlushAsync"/> is served.</summary>
    public bool CanFlush { get; init; }

    /// <summary>FUA flags are served.</summary>
    public bool CanFua { get; init; }

    /// <summary><see cref="NbdClient.TrimAsync"/> is served.</summary>
    public bool CanTrim { get; init; }

    /// <summary><see cref="NbdClient.ZeroAsync"/> is served.</summary>
    public bool CanZero { get; init; }

    /// <summary><see cref="ZeroFlags.Fast"/> is served.</summary>
    public bool CanFastZero { get; init; }

    /// <summary><see cref="NbdClient.CacheAsync"/> is served.</summary>
    public bool CanCache { get; init; }

    /// <summary><see cref="NbdClient.GetExtentsAsync"/> is served.</summary>
    public bool CanExtents { get; init; }

    /// <summary>The connection is encrypted.</summary>
    public bool IsTls { get; init; }

    /// <summary>Which handshake and replies were agreed on, for a log, such as <c>newstyle-fixed, extended headers</c>.</summary>
    public string Protocol { get; init; } = "";

    internal static NbdExport Of(string name, ulong size, ExportFlags flags) => new()
    {
        Name = name,
        Size = size <= long.MaxValue ? (long)size : throw new NbdConnectionException($"the server's export '{WireText.Printable(name)}' has the absurd size of {size} bytes"),
        IsReadOnly = Has(flags, ExportFlags.ReadOnly),
        IsRotational = Has(flags, ExportFlags.Rotational),
        CanMultiConn = Has(flags, ExportFlags.CanMultiConn),
        CanFlush = Has(flags, ExportFlags.SendFlush),
        CanFua = Has(flags, ExportFlags.SendFua),
        CanTrim = Has(flags, ExportFlags.SendTrim),
        CanZero = Has(flags, ExportFlags.SendWriteZeroes),
        CanFastZero = Has(flags, ExportFlags.SendWriteZeroes | ExportFlags.SendFastZero),
        CanCache = Has(flags, ExportFlags.SendCache),
    };

    // Without HAS_FLAGS the other bits mean nothing.
    private static bool Has(ExportFlags flags, ExportFlags wanted)
        => (flags & ExportFlags.HasFlags) != 0 && (flags & wanted) == wanted;
}
