namespace SharpNbd.Client;

/// <summary>The numbers that messages begin with.</summary>
internal static class Magic
{
    /// <summary>"NBDMAGIC", the first word of every server.</summary>
    public const ulong Server = 0x4e42444d41474943;

    /// <summary>"IHAVEOPT", the second word of a newstyle server and the first of every option.</summary>
    public const ulong Option = 0x49484156454f5054;

    /// <summary>The second word of an oldstyle server.</summary>
    public const ulong Oldstyle = 0x0000420281861253;

    public const ulong OptionReply = 0x0003e889045565a9;
    public const uint Request = 0x25609513;
    public const uint ExtendedRequest = 0x21e41c71;
    public const uint SimpleReply = 0x67446698;
    public const uint StructuredReply = 0x668e33ef;
    public const uint ExtendedReply = 0x6e8a278c;
}
