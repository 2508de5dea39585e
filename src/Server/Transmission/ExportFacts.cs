using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>What a client is told of an opened disk, asked once and kept.</summary>
internal sealed class ExportFacts
{
    private static readonly BlockSize Unconstrained = new(1, 4096, Limits.MaximumPayload);

    public ExportFacts(Disk disk, bool isReadOnly)
    {
        Size = disk.Size;
        Capabilities = disk.Capabilities;
        BlockSize = Capabilities.BlockSize is { } own
            ? new BlockSize(own.Minimum, own.Preferred, Math.Max(own.Preferred, Math.Min(own.Maximum, Limits.MaximumPayload)))
            : Unconstrained;
        Flags = FlagsOf(Capabilities, isReadOnly);
    }

    public long Size { get; }

    public DiskCapabilities Capabilities { get; }

    public BlockSize BlockSize { get; }

    /// <summary>
    /// Whether a client that does not ask for block sizes can be served: one that keeps to what the specification advises it to do then,
    /// whole blocks of 512 bytes and at most 32 MiB, never breaks the disk's constraints.
    /// </summary>
    public bool FitsUntoldClients => BlockSize.Minimum <= Limits.UntoldBlock && BlockSize.Maximum >= Limits.UntoldPayload;

    /// <summary>The transmission flags, SEND_DF aside, which depends on the connection.</summary>
    public TransmissionFlags Flags { get; }

    private static TransmissionFlags FlagsOf(DiskCapabilities disk, bool isReadOnly)
    {
        var flags = TransmissionFlags.HasFlags;
        if (isReadOnly || !disk.CanWrite)
        {
            flags |= TransmissionFlags.ReadOnly;
        }
        else
        {
            flags |= If(disk.CanTrim, TransmissionFlags.SendTrim)
                | If(disk.Fua != Support.None, TransmissionFlags.SendFua)
                | If(disk.Zero != Support.None, TransmissionFlags.SendWriteZeroes)
                | If(disk.Zero != Support.None && disk.CanFastZero, TransmissionFlags.SendFastZero);
        }

        return flags
            | If(disk.CanFlush, TransmissionFlags.SendFlush)
            | If(disk.IsRotational, TransmissionFlags.Rotational)
            | If(disk.CanMultiConn, TransmissionFlags.CanMultiConn)
            | If(disk.Cache != Support.None, TransmissionFlags.SendCache);
    }

    private static TransmissionFlags If(bool condition, TransmissionFlags flag) => condition ? flag : 0;
}
