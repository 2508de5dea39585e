namespace SharpNbd.Viewer;

/// <summary>The unit of the log's times.</summary>
internal static class Microseconds
{
    public const long PerSecond = 1_000_000;

    /// <summary>Microseconds since 1970.</summary>
    public static long ToMicroseconds(this DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
}
