namespace SharpNbd.Server;

/// <summary>The bounds on what one peer can make the server do or hold. Every count and length from the wire meets one of them.</summary>
internal static class Limits
{
    /// <summary>The longest read or write, 64 MiB, as nbdkit's; a longer one is refused with ENOMEM.</summary>
    public const uint MaximumPayload = 64 << 20;

    /// <summary>The longest read or write of a client that was told of no limit, 32 MiB ("Block size constraints").</summary>
    public const uint UntoldPayload = 32 << 20;

    /// <summary>The smallest and the alignment of all requests of a client that was told of no minimum, 512 bytes ("Block size constraints").</summary>
    public const uint UntoldBlock = 512;

    /// <summary>The longest payload that is read and thrown away to stay in step; a client that sends more is disconnected.</summary>
    public const uint MaximumSkippedPayload = 128 << 20;

    /// <summary>The most bytes in buffers of one connection's requests, 128 MiB; the connection reads on when some are free again.</summary>
    public const long BytesPerConnection = 128L << 20;

    /// <summary>The most bytes in buffers of all requests beyond what every connection may always have, 1 GiB; --max-memory.</summary>
    public const long BytesPerServer = 1L << 30;

    /// <summary>What a connection may always have, so that others cannot starve it: 4 MiB, which is 16 requests of 256 KiB.</summary>
    public const long BytesAlways = 4 << 20;

    /// <summary>The most bytes that a connection keeps for its next requests: its own, so that an idle one takes nothing from others.</summary>
    public const long CachedBytesPerConnection = BytesAlways;

    /// <summary>Connections at once, of which each costs a thread and some hundred KiB; --max-connections.</summary>
    public const int Connections = 1024;

    /// <summary>
    /// How long a client may leave its replies unread, not taking a single byte, while a request of another waits for memory. Then
    /// those that hold the most are cut; while nobody waits, nobody is.
    /// </summary>
    public static readonly TimeSpan UnreadWait = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for memory that others hold before it fails with ENOMEM.</summary>
    public static readonly TimeSpan MemoryWait = TimeSpan.FromSeconds(10);

    /// <summary>From this length on, 16 KiB, a payload is received into its own memory and not through the common buffer.</summary>
    public const int DirectPayload = 16 << 10;

    /// <summary>Replies are sent together until they are this long, 128 KiB.</summary>
    public const int BatchBytes = 128 << 10;

    /// <summary>Replies are sent together until they are this many.</summary>
    public const int BatchReplies = 256;

    /// <summary>The longest data of an option that is understood, 64 KiB.</summary>
    public const uint MaximumOptionData = 64 << 10;

    /// <summary>The longest data of an option that is skipped, 1 MiB; a client that sends more is disconnected.</summary>
    public const uint MaximumSkippedOptionData = 1 << 20;

    /// <summary>The most options of one connection, plus one for each export that it has been told of; as nbdkit's.</summary>
    public const int Options = 32;
}
