namespace SharpNbd.Server;

/// <summary>Reads and writes an encrypted connection as if it were a socket, so that the same readers and writers work over it.</summary>
internal sealed unsafe class TlsIo(TlsWire wire, TlsSession session) : SocketIo
{
    /// <summary>The most plain bytes of a TLS record.</summary>
    private const int RecordSize = 16 * 1024;

    /// <summary>
    /// How much is encrypted before the caller hears of it, about. Records are sent one by one, so that each is still in the processor's
    /// cache, and the kernel is told that more follows, so that it makes large packets of them.
    /// </summary>
    private const int PieceSize = 4 * RecordSize;

    /// <summary>What records add to a piece, and a last one that goes beyond it.</summary>
    private const int PieceOverhead = RecordSize + 1024;

    private readonly byte[] _record = new byte[RecordSize];
    private long _encrypted;

    public override int Receive(byte* buffer, int length)
    {
        try
        {
            return session.Read(new Span<byte>(buffer, length));
        }
        catch (IOException)
        {
            // A cut or forged stream has ended, like a closed one.
            return 0;
        }
    }

    public override int Receive(IoSegment* segments, int count) => Receive(segments[0].Base, (int)segments[0].Length);

    /// <remarks>
    /// Bytes count as sent when the last of their records has left. Until then the next call must begin with the same bytes, as
    /// calls that return less than everything do; they are not encrypted again.
    /// </remarks>
    public override long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false)
    {
        if (!wire.Send(wait))
        {
            return 0;
        }

        if (_encrypted == 0)
        {
            wire.Reserve(PieceSize + PieceOverhead);
            _encrypted = Encrypt(segments, count, isMoreToCome);
            if (!wire.Send(wait))
            {
                return 0;
            }
        }

        var sent = _encrypted;
        _encrypted = 0;
        return sent;
    }

    public override void StopReceiving() => throw new NotSupportedException("the transport beneath is stopped");

    public override void Abort() => throw new NotSupportedException("the transport beneath is cut");

    /// <summary>Says goodbye to the peer if that is possible.</summary>
    public override void Dispose()
    {
        try
        {
            session.Close();
            wire.Send(wait: true);
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }
        finally
        {
            session.Dispose();
        }
    }

    /// <summary>
    /// Fills records with as much of the segments as makes a piece. Short ones, as headers are, are put together; what fills
    /// records by itself is encrypted from where it lies.
    /// </summary>
    private int Encrypt(IoSegment* segments, int count, bool isMoreToCome)
    {
        var total = LengthOf(segments, count);
        var taken = 0;
        var collected = 0;
        for (var segment = segments; taken < total && taken < PieceSize; segment++)
        {
            var rest = new ReadOnlySpan<byte>(segment->Base, (int)segment->Length);
            while (!rest.IsEmpty && taken < PieceSize)
            {
                if (rest.Length >= RecordSize)
                {
                    WriteCollected(ref collected, isMoreToCome: true);
                    taken += RecordSize;
                    Write(rest[..RecordSize], isMoreToCome || taken < total);
                    rest = rest[RecordSize..];
                    continue;
                }

                var step = Math.Min(rest.Length, RecordSize - collected);
                rest[..step].CopyTo(_record.AsSpan(collected));
                rest = rest[step..];
                collected += step;
                taken += step;
                if (collected == RecordSize)
                {
                    WriteCollected(ref collected, isMoreToCome || taken < total);
                }
            }
        }

        WriteCollected(ref collected, isMoreToCome || taken < total);
        return taken;
    }

    private void WriteCollected(ref int collected, bool isMoreToCome)
    {
        if (collected > 0)
        {
            Write(_record.AsSpan(0, collected), isMoreToCome);
            collected = 0;
        }
    }

    private void Write(ReadOnlySpan<byte> record, bool isMoreToCome)
    {
        wire.IsMoreToCome = isMoreToCome;
        session.Write(record);
    }

    private static long LengthOf(IoSegment* segments, int count)
    {
        var length = 0L;
        for (var i = 0; i < count; i++)
        {
            length += (long)segments[i].Length;
        }

        return length;
    }
}
