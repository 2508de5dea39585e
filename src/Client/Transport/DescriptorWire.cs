using System.Runtime.InteropServices;
using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>Linux: recvmsg(2) and sendmsg(2) straight on a socket's descriptor, which blocks.</summary>
internal sealed unsafe class DescriptorWire : ClientWire
{
    private readonly IDisposable _owner;
    private readonly int _descriptor;
    private readonly Lock _closing = new();
    private bool _isClosed;

    /// <param name="handle">The descriptor.</param>
    /// <param name="owner">Closes it, and is closed with this.</param>
    public DescriptorWire(SafeHandle handle, IDisposable owner)
    {
        _owner = owner;
        _descriptor = (int)handle.DangerousGetHandle();
    }

    public override bool CanSendWithoutWaiting => true;

    public override int Receive(IoSegment* segments, int count)
    {
        var message = new MessageHeader { Segments = segments, SegmentCount = (nuint)count };
        while (true)
        {
            var received = SocketCalls.ReceiveMessage(_descriptor, &message, 0);
            if (received >= 0)
            {
                return (int)received;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error != SocketCalls.Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    public override long Send(IoSegment* segments, int count, bool wait)
    {
        var message = new MessageHeader { Segments = segments, SegmentCount = (nuint)count };
        while (true)
        {
            var sent = SocketCalls.SendMessage(_descriptor, &message, SocketCalls.NoSignal | (wait ? 0 : SocketCalls.DontWait));
            if (sent >= 0)
            {
                return sent;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == SocketCalls.WouldBlock && !wait)
            {
                return 0;
            }

            if (error is not (SocketCalls.Interrupted or SocketCalls.WouldBlock))
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    // Never on a closed descriptor, whose number may belong to somebody else by now.
    public override void Abort()
    {
        lock (_closing)
        {
            if (!_isClosed)
            {
                _ = SocketCalls.Shutdown(_descriptor, SocketCalls.ShutBoth);
            }
        }
    }

    public override void Dispose()
    {
        lock (_closing)
        {
            _isClosed = true;
            _owner.Dispose();
        }
    }
}
