namespace SharpNbd.Server;

/// <summary>The magic numbers of the handshake (NBD protocol, "Protocol phases").</summary>
internal static class Magic
{
    /// <summary>"NBDMAGIC", the first eight bytes that a server sends.</summary>
    public const ulong Greeting = 0x4e42_444d_4147_4943;

    /// <summary>Behind the greeting of an oldstyle server.</summary>
    public const ulong Oldstyle = 0x0000_4202_8186_1253;

    /// <summary>"IHAVEOPT", behind the greeting and in front of every option.</summary>
    public const ulong Option = 0x4948_4156_454f_5054;

    /// <summary>In front of every reply to an option.</summary>
    public const ulong OptionReply = 0x0003_e889_0455_65a9;
}
