using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>The C library's <c>struct pollfd</c>. A negative descriptor is left out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Wanted;
    public short Happened;
}
