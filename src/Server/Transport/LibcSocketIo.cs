using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>Linux: recv(2) and sendmsg(2) straight on the descriptor, without what <see cref="Socket"/> puts around them.</summary>
internal sealed unsafe partial class LibcSocketIo : SocketIo
{
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int More = 0x8000;
    private const int ShutReceive = 0;
    private const int ShutBoth = 2;

    private readonly ReceiveSpin _spin;
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly Lock _closing = new();
    private bool _isClosed;
    private SplicePipe? _pipe;

    public LibcSocketIo(Socket socket, ReceiveSpin spin)
    {
        _spin = spin;
        _socket = socket;
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();

        // Measured: what leaves through a Unix socket is never touched again, while TCP cuts it into packets first.
        ShortestPages = socket.AddressFamily == AddressFamily.Unix ? 16 << 10 : 64 << 10;
    }

    public override int ShortestPages { get; }

    public override SplicePipe? Pipe => (_pipe ??= SplicePipe.Create()).IsUsable ? _pipe : null;

    public override int Receive(byte* buffer, int length)
    {
        var begun = Stopwatch.GetTimestamp();
        var count = AskUntil(_spin.Begin(begun), buffer, length);
        while (count < 0)
        {
            count = recv(_descriptor, buffer, (nuint)length, 0);
            if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted)
            {
                // A reset connection has ended, like a closed one.
                return 0;
            }
        }

        _spin.End(begun, Stopwatch.GetTimestamp());
        return (int)count;
    }

    public override int Receive(IoSegment* segments, int count)
    {
        var message = new MessageHeader { Segments = segments, SegmentCount = (nuint)count };
        nint received;
        do
        {
            received = recvmsg(_descriptor, &message, 0);
        }
        while (received < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return (int)Math.Max(received, 0);
    }

    public override long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false)
    {
        var message = new MessageHeader { Segments = segments, SegmentCount = (nuint)count };
        while (true)
        {
            var sent = sendmsg(_descriptor, &message, NoSignal | (wait ? 0 : DontWait) | (isMoreToCome ? More : 0));
            if (sent >= 0)
            {
                return sent;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock && !wait)
            {
                return 0;
            }

            if (error != Interrupted)
            {
                throw new IOException($"the peer cannot be sent to: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    public override void SendPages(IoSegment segment)
    {
        if (segment.Base is null)
        {
            Pipe!.Drain((nint)segment.Length, _descriptor);
        }
        else if (Pipe is { } pipe)
        {
            pipe.Send(segment, _descriptor);
        }
        else
        {
            SendAll(segment);
        }
    }

    public override void StopReceiving() => Shutdown(ShutReceive);

    public override void Abort() => Shutdown(ShutBoth);

    public override void Dispose()
    {
        lock (_closing)
        {
            _isClosed = true;
            _socket.Dispose();
            _pipe?.Dispose();
        }
    }

    // Whatever goes wrong here goes wrong again in the call that waits, which knows what to do.
    private nint AskUntil(long end, byte* buffer, int length)
    {
        while (end != 0)
        {
            var count = recv(_descriptor, buffer, (nuint)length, DontWait);
            if (count >= 0 || Stopwatch.GetTimestamp() >= end)
            {
                return count;
            }
        }

        return -1;
    }

    // Never on a closed descriptor, whose number may belong to somebody else by now.
    private void Shutdown(int how)
    {
        lock (_closing)
        {
            if (!_isClosed)
            {
                _ = shutdown(_descriptor, how);
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc")]
    private static partial int shutdown(int descriptor, int how);

    /// <summary>libc's <c>struct msghdr</c> on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoSegment* Segments;
        public nuint SegmentCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
