using System.Buffers;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>A payload's memory: outside of the garbage-collected heap, at a fixed address, aligned for direct I/O.</summary>
internal sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private const nuint Alignment = 4096;

    [ThreadStatic]
    private static long _heldByThread;

    private byte* _start;

    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public NativeBuffer(int length)
    {
        Length = length;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)length, Alignment);
        _heldByThread += length;
    }

    /// <summary>
    /// The bytes that this thread has allocated, less those that it has freed: where one thread does everything, as under a fuzzer, none
    /// are left when a connection has ended.
    /// </summary>
    public static long HeldByThread => _heldByThread;

    public int Length { get; }

    public override Span<byte> GetSpan() => new(_start, Length);

    public Memory<byte> Slice(int length) => CreateMemory(length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    public void Free()
    {
        _heldByThread -= Length;
        NativeMemory.AlignedFree(_start);
        _start = null;
    }

    protected override void Dispose(bool disposing) => Free();
}
