using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>The kernel's <c>struct io_uring_sqe</c>: an operation to be done.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct RingEntry
{
    [FieldOffset(0)]
    public byte Operation;

    [FieldOffset(4)]
    public int File;

    [FieldOffset(8)]
    public ulong Offset;

    [FieldOffset(16)]
    public ulong Address;

    [FieldOffset(24)]
    public uint Length;

    [FieldOffset(32)]
    public ulong Tag;
}
