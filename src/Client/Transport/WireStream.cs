using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>A wire as a stream, for the TLS libraries on top of it. Writing waits for the peer.</summary>
internal sealed unsafe class WireStream(ClientWire wire) : SynchronousStream
{
    // A library may answer while it reads.
    private readonly Lock _writing = new();

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        fixed (byte* start = buffer)
        {
            var segment = new IoSegment { Base = start, Length = (nuint)buffer.Length };
            return wire.Receive(&segment, 1);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_writing)
        {
            wire.SendAll(buffer);
        }
    }
}
