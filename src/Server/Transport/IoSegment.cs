using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>A piece of memory to be sent: libc's <c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoSegment
{
    public byte* Base;
    public nuint Length;
}
