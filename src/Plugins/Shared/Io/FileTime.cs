using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>A point in time as <c>statx</c> tells it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct FileTime
{
    [FieldOffset(0)]
    public long Seconds;

    [FieldOffset(8)]
    public uint Nanoseconds;

    /// <summary>In .NET's resolution of 100 ns; times beyond the years 1 and 9999 become the nearest that there is.</summary>
    public readonly DateTime ToDateTime()
    {
        const long Earliest = -62_135_596_800;
        const long Latest = 253_402_300_799;
        return DateTime.UnixEpoch.AddTicks((Math.Clamp(Seconds, Earliest, Latest) * TimeSpan.TicksPerSecond) + (Nanoseconds / 100));
    }
}
