using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>The kernel's <c>struct io_uring_cqe</c>: an operation that is done.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingCompletion
{
    public ulong Tag;
    public int Result;
    public uint Flags;
}
