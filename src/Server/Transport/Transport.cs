using System.Net;

namespace SharpNbd.Server;

/// <summary>
/// The two directions of one connection. Reading and waiting for room to write block the calling thread, which is the
/// connection's own: that costs half the CPU of any asynchronous socket.
/// </summary>
internal abstract class Transport : IDisposable
{
    /// <summary>The peer, for the log: an address and port, or "the Unix socket".</summary>
    public abstract string Peer { get; }

    /// <summary>The peer's address, or null where it has none.</summary>
    public virtual EndPoint? PeerAddress => null;

    /// <summary>What the client sends.</summary>
    public abstract WireInput Input { get; }

    /// <summary>What the client gets.</summary>
    public abstract GatherWriter Output { get; }

    /// <summary>How long the peer has let replies wait without taking a byte; zero where none wait or that is not known.</summary>
    public virtual TimeSpan UnreadFor => TimeSpan.Zero;

    /// <summary>Lets the reader see the end of the stream behind what has arrived already; answers can still be sent.</summary>
    public abstract void StopReceiving();

    /// <summary>Cuts the connection: whoever waits in it wakes up. Safe from any thread, also when it is closed already.</summary>
    public abstract void Abort();

    /// <summary>Closes it; nobody may be reading or writing any more.</summary>
    public abstract void Dispose();
}
