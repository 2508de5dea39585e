namespace SharpNbd.Server;

/// <summary>What an export offers ("Transmission flags").</summary>
[Flags]
internal enum TransmissionFlags : ushort
{
    HasFlags = 0x1,
    ReadOnly = 0x2,
    SendFlush = 0x4,
    SendFua = 0x8,
    Rotational = 0x10,
    SendTrim = 0x20,
    SendWriteZeroes = 0x40,
    SendDf = 0x80,
    CanMultiConn = 0x100,
    SendCache = 0x400,
    SendFastZero = 0x800,

    /// <summary>With extended headers only: block status takes a payload that names contexts.</summary>
    BlockStatusPayload = 0x1000,
}
