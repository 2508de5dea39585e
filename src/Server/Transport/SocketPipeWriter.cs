using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// A pipe writer over a blocking socket that gathers headers of its own and memory of others into one sendmsg(2).
/// </summary>
internal sealed unsafe class SocketPipeWriter(SocketIo io) : GatherWriter
{
    /// <summary>Holds the headers of a few hundred replies.</summary>
    private const int ChunkSize = 16 * 1024;

    /// <summary>IOV_MAX: what one call takes.</summary>
    private const int MostPerCall = 1024;

    private byte[] _chunk = NewChunk(ChunkSize);
    private int _chunkUsed;
    private List<byte[]>? _fullChunks;
    private IoSegment[] _segments = GC.AllocateUninitializedArray<IoSegment>(64, pinned: true);
    private int _first;
    private int _count;

    // Where among the segments there are pages that may be left to the kernel.
    private readonly Queue<int> _pages = new();

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_chunk.Length - _chunkUsed < Math.Max(sizeHint, 1))
        {
            (_fullChunks ??= []).Add(_chunk);
            _chunk = NewChunk(Math.Max(sizeHint, ChunkSize));
            _chunkUsed = 0;
        }

        return _chunk.AsMemory(_chunkUsed);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        Add(ref _chunk[_chunkUsed], bytes);
        _chunkUsed += bytes;
    }

    public override void Append(ReadOnlySpan<byte> memory)
    {
        if (!memory.IsEmpty)
        {
            Add(ref MemoryMarshal.GetReference(memory), memory.Length);
        }
    }

    public override SplicePipe? Pipe => io.Pipe;

    public override int ShortestPages => io.ShortestPages;

    public override void AppendPiped(int length)
    {
        AddSegment(null, length);
        _pages.Enqueue(_count - 1);
    }

    public override void AppendPages(ReadOnlySpan<byte> memory)
    {
        if (memory.Length < io.ShortestPages)
        {
            Append(memory);
            return;
        }

        AddSegment((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory)), memory.Length);
        _pages.Enqueue(_count - 1);
    }

    public override int TrySend(ReadOnlySpan<byte> bytes, bool isMoreToCome)
    {
        if (_first < _count)
        {
            return 0;
        }

        fixed (byte* start = bytes)
        {
            var segment = new IoSegment { Base = start, Length = (nuint)bytes.Length };
            return (int)io.Send(&segment, 1, wait: false, isMoreToCome);
        }
    }

    public override bool Flush(bool wait)
    {
        fixed (IoSegment* segments = _segments)
        {
            while (_first < _count)
            {
                var end = _pages.TryPeek(out var pages) ? pages : _count;
                if (_first == end)
                {
                    // Pages are left to the kernel only by who may wait.
                    if (!wait)
                    {
                        return false;
                    }

                    io.SendPages(segments[_first++]);
                    _pages.Dequeue();
                    continue;
                }

                var sent = io.Send(segments + _first, Math.Min(end - _first, MostPerCall), wait, isMoreToCome: end < _count);
                if (sent == 0)
                {
                    return false;
                }

                Drop(sent);
            }
        }

        _first = _count = 0;
        _chunkUsed = 0;
        _fullChunks = null;
        return true;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Flush(wait: true);
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false));
    }

    /// <summary>Not possible while a flush blocks; a connection is woken by <see cref="SocketIo.Abort"/>.</summary>
    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }

    private static byte[] NewChunk(int size) => GC.AllocateUninitializedArray<byte>(size, pinned: true);

    // The memory is at a fixed address, by contract or because the chunk is pinned.
    private void Add(ref byte start, int length)
    {
        var address = (byte*)Unsafe.AsPointer(ref start);
        if (_count > _first && _segments[_count - 1].Base + _segments[_count - 1].Length == address)
        {
            _segments[_count - 1].Length += (nuint)length;
            return;
        }

        AddSegment(address, length);
    }

    private void AddSegment(byte* address, int length)
    {
        if (_count == _segments.Length)
        {
            var larger = GC.AllocateUninitializedArray<IoSegment>(_count * 2, pinned: true);
            _segments.CopyTo(larger, 0);
            _segments = larger;
        }

        _segments[_count++] = new IoSegment { Base = address, Length = (nuint)length };
    }

    private void Drop(long sent)
    {
        while (sent > 0)
        {
            ref var segment = ref _segments[_first];
            if ((long)segment.Length > sent)
            {
                segment.Base += sent;
                segment.Length -= (nuint)sent;
                return;
            }

            sent -= (long)segment.Length;
            _first++;
        }
    }
}
