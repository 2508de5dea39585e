namespace SharpNbd.Client;

/// <summary>What an export can do ("Transmission flags").</summary>
[Flags]
internal enum ExportFlags : ushort
{
    HasFlags = 1,
    ReadOnly = 2,
    SendFlush = 4,
    SendFua = 8,
    Rotational = 16,
    SendTrim = 32,
    SendWriteZeroes = 64,
    SendDontFragment = 128,
    CanMultiConn = 256,
    SendResize = 512,
    SendCache = 1024,
    SendFastZero = 2048,
}
