using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>A piece of memory that is sent or received into: libc's <c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoSegment
{
    public byte* Base;
    public nuint Length;
}
