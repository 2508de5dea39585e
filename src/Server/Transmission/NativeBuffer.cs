using System.Buffers;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>A payload's memory: outside of the garbage-collected heap, at a fixed address, aligned for direct I/O.</summary>
internal sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private const nuint Alignment = 4096;

    private byte* _start;

    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public NativeBuffer(int length)
    {
        Length = length;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)length, Alignment);
    }

    public int Length { get; }

    public override Span<byte> GetSpan() => new(_start, Length);

    public Memory<byte> Slice(int length) => CreateMemory(length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    public void Free()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }

    protected override void Dispose(bool disposing) => Free();
}
