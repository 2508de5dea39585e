using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>A connection through a TLS library. Whatever the library throws means that the connection is of no use any more.</summary>
/// <param name="inner">The connection beneath.</param>
/// <param name="stream">The library's stream.</param>
/// <param name="release">Frees what else the library holds.</param>
internal sealed unsafe class EncryptedWire(ClientWire inner, Stream stream, Action release) : ClientWire
{
    private const int LongestGather = 16 << 10;

    private readonly byte[] _gathered = new byte[LongestGather];

    public override bool CanSendWithoutWaiting => false;

    public override int Receive(IoSegment* segments, int count)
    {
        try
        {
            return stream.Read(new Span<byte>(segments->Base, (int)segments->Length));
        }
        catch (Exception e) when (e is not IOException)
        {
            throw new IOException($"the TLS session is broken: {e.Message}", e);
        }
    }

    // Short pieces share a record.
    public override long Send(IoSegment* segments, int count, bool wait)
    {
        var first = new ReadOnlySpan<byte>(segments->Base, (int)segments->Length);
        try
        {
            if (count == 1 || first.Length >= LongestGather)
            {
                stream.Write(first);
                return first.Length;
            }

            var length = 0;
            for (var i = 0; i < count && length < LongestGather; i++)
            {
                var piece = (int)Math.Min(segments[i].Length, (nuint)(LongestGather - length));
                new ReadOnlySpan<byte>(segments[i].Base, piece).CopyTo(_gathered.AsSpan(length));
                length += piece;
            }

            stream.Write(_gathered, 0, length);
            return length;
        }
        catch (Exception e) when (e is not IOException)
        {
            throw new IOException($"the TLS session is broken: {e.Message}", e);
        }
    }

    public override void Abort() => inner.Abort();

    public override void Dispose()
    {
        inner.Dispose();
        release();
    }
}
