using System.Runtime.InteropServices;

namespace SharpNbd.Client;

/// <summary>A piece of memory, as libc's <c>struct iovec</c> has it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoSegment
{
    public byte* Base;
    public nuint Length;
}
