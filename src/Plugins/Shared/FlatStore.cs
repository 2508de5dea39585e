using System.Runtime.InteropServices;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A store that is one block of memory of its full size: nothing to look up, no holes, nothing given back.</summary>
internal sealed unsafe class FlatStore : ByteStore
{
    private readonly PageMemory _memory;
    private readonly nint _data;

    /// <summary>Takes the memory.</summary>
    /// <param name="size">The size in bytes.</param>
    /// <param name="isLocked">Keep it from being swapped out.</param>
    /// <param name="memory">Where memory comes from.</param>
    /// <exception cref="ParameterException">There is not so much, or it cannot be locked.</exception>
    public FlatStore(long size, bool isLocked, PageMemory memory)
    {
        Size = size;
        _memory = memory;
        _data = memory.Map(MappedLength, reserve: true);
        if (_data == 0)
        {
            throw new ParameterException($"allocator=malloc: there are no {size} bytes of memory in one piece; allocator=sparse takes memory as it is needed");
        }

        if (isLocked && memory.TryLock(_data, MappedLength) is { } reason)
        {
            memory.Unmap(_data, MappedLength);
            throw new ParameterException($"allocator=malloc,mlock=true: {size} bytes cannot be locked into memory {reason}");
        }
    }

    /// <inheritdoc/>
    public override long Size { get; }

    // An empty mapping is not allowed.
    private long MappedLength => Math.Max(Size, 1);

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> buffer) => At(offset, buffer.Length).CopyTo(buffer);

    /// <inheritdoc/>
    public override bool TryLend(long offset, int length, out LentMemory memory)
    {
        memory = new LentMemory(_data + (nint)offset, length, IsMapped: true);
        return true;
    }

    /// <inheritdoc/>
    public override void Write(long offset, ReadOnlySpan<byte> data) => data.CopyTo(At(offset, data.Length));

    /// <inheritdoc/>
    public override void Zero(ByteRange range, bool release) => NativeMemory.Clear((void*)(_data + (nint)range.Offset), (nuint)range.Length);

    /// <inheritdoc/>
    public override void AddExtents(ByteRange range, ExtentList extents) => extents.Add(range.Offset, range.Length, ExtentFlags.Data);

    /// <inheritdoc/>
    public override void Dispose() => _memory.Unmap(_data, MappedLength);

    private Span<byte> At(long offset, int length) => new((void*)(_data + (nint)offset), length);
}
