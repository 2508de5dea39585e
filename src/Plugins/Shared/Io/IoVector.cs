using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>The C library's <c>struct iovec</c>: a piece of memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}
