namespace SharpNbd.Server;

/// <summary>NBD_CMD_FLAG_… ("Command flags").</summary>
[Flags]
internal enum CommandFlags : ushort
{
    None = 0,
    Fua = 0x1,
    NoHole = 0x2,
    Df = 0x4,
    ReqOne = 0x8,
    FastZero = 0x10,

    /// <summary>With extended headers only: the length is that of a payload behind the header.</summary>
    PayloadLen = 0x20,
}
