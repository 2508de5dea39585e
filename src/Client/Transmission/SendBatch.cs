using System.Buffers;
using System.Runtime.InteropServices;
using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>
/// Requests that leave together: headers and short payloads lie in one buffer, long payloads are sent from where they are. Filled under
/// the connection's lock, sent by one thread at a time.
/// </summary>
internal sealed unsafe class SendBatch
{
    /// <summary>The longest payload that is copied: cheaper than a segment of its own, and its memory is free at once.</summary>
    public const int LongestCopy = 8 << 10;

    private const int FirstCapacity = 64 << 10;
    private const int MostSegments = 128;

    private readonly List<Piece> _pieces = [];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(FirstCapacity, pinned: true);
    private int _used;
    private int _next;
    private int _done;

    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>Makes room for so many bytes and shows it; they count once <see cref="Advance"/> is told.</summary>
    public Span<byte> Room(int count)
    {
        if (_bytes.Length - _used < count)
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_used + count, 2 * _bytes.Length), pinned: true);
            _bytes.AsSpan(0, _used).CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsSpan(_used, count);
    }

    /// <summary>Adds so many bytes of the room that was shown.</summary>
    public void Advance(int count)
    {
        if (_pieces.Count > 0 && CollectionsMarshal.AsSpan(_pieces)[^1] is { Request: null } last)
        {
            _pieces[^1] = last with { Length = last.Length + count };
        }
        else
        {
            _pieces.Add(new Piece(_used, count, null, default));
        }

        _used += count;
    }

    /// <summary>Adds a payload where it lies; the request is told when that memory is free again.</summary>
    public void Add(PendingRequest request, ReadOnlyMemory<byte> payload)
        => _pieces.Add(new Piece(0, payload.Length, request, payload.Pin()));

    /// <summary>Sends what is left.</summary>
    /// <returns>False when some is left because it was not to wait.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    public bool Send(ClientWire wire, bool wait)
    {
        var segments = stackalloc IoSegment[MostSegments];
        while (_next < _pieces.Count)
        {
            var count = Math.Min(MostSegments, _pieces.Count - _next);
            for (var i = 0; i < count; i++)
            {
                segments[i] = SegmentOf(_pieces[_next + i]);
            }

            segments[0].Base += _done;
            segments[0].Length -= (nuint)_done;
            var sent = wire.Send(segments, count, wait);
            if (sent == 0)
            {
                return false;
            }

            Skip(sent);
        }

        return true;
    }

    /// <summary>Gives up what is left and makes the batch empty.</summary>
    public void Clear()
    {
        for (; _next < _pieces.Count; _next++)
        {
            Release(_pieces[_next]);
        }

        _pieces.Clear();
        (_used, _next, _done) = (0, 0, 0);
        if (_bytes.Length > 16 * FirstCapacity)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(FirstCapacity, pinned: true);
        }
    }

    private static void Release(Piece piece)
    {
        piece.Pin.Dispose();
        piece.Request?.EndSending();
    }

    private IoSegment SegmentOf(Piece piece) => new()
    {
        Base = piece.Request is null ? (byte*)Unsafe(_bytes, piece.Start) : (byte*)piece.Pin.Pointer,
        Length = (nuint)piece.Length,
    };

    // The array is pinned for good.
    private static nint Unsafe(byte[] pinned, int index) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);

    private void Skip(long sent)
    {
        sent += _done;
        while (_next < _pieces.Count && sent >= _pieces[_next].Length)
        {
            sent -= _pieces[_next].Length;
            Release(_pieces[_next++]);
        }

        _done = (int)sent;
    }

    private readonly record struct Piece(int Start, int Length, PendingRequest? Request, MemoryHandle Pin);
}
