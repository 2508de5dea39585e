namespace SharpNbd.Client;

/// <summary>How a request is to be done ("Command flags").</summary>
[Flags]
internal enum CommandFlags : ushort
{
    None = 0,
    Fua = 1,
    NoHole = 2,
    DontFragment = 4,
    OneExtent = 8,
    FastZero = 16,

    /// <summary>With extended headers: the length in the header is that of a payload behind it.</summary>
    PayloadLength = 32,
}
