using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>
/// The bytes of a connection. One thread receives while another may send; both block, except that <see cref="Send"/> can be told not to
/// where <see cref="CanSendWithoutWaiting"/>.
/// </summary>
internal abstract unsafe class ClientWire : IDisposable
{
    /// <summary>Whether a send can be told not to wait for the peer.</summary>
    public abstract bool CanSendWithoutWaiting { get; }

    /// <summary>Waits for bytes and takes as many as fit into the segments, filling them in order.</summary>
    /// <returns>How many; 0 when the peer has closed.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    public abstract int Receive(IoSegment* segments, int count);

    /// <summary>Sends the segments in order, or some bytes of them.</summary>
    /// <returns>How many bytes were sent; 0 only when it did not wait.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    public abstract long Send(IoSegment* segments, int count, bool wait);

    /// <summary>Ends the connection, now, for both sides: who waits in a call returns. From any thread, as often as one likes.</summary>
    public abstract void Abort();

    /// <summary>Closes the connection; nobody may be in a call.</summary>
    public abstract void Dispose();

    /// <summary>Receives exactly so many bytes.</summary>
    /// <exception cref="IOException">The connection is broken or has ended.</exception>
    public void ReceiveAll(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var segment = new IoSegment { Base = start, Length = (nuint)bytes.Length };
            while (segment.Length > 0)
            {
                var count = Receive(&segment, 1);
                if (count == 0)
                {
                    throw new NbdConnectionException("the server closed the connection");
                }

                segment.Base += count;
                segment.Length -= (nuint)count;
            }
        }
    }

    /// <summary>Sends all of the bytes, waiting as long as it takes.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    public void SendAll(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var segment = new IoSegment { Base = start, Length = (nuint)bytes.Length };
            while (segment.Length > 0)
            {
                var sent = Send(&segment, 1, wait: true);
                segment.Base += sent;
                segment.Length -= (nuint)sent;
            }
        }
    }
}
