using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>Linux: recv(2) and sendmsg(2) straight on the descriptor, without what the framework puts around them.</summary>
internal sealed unsafe partial class LibcSocketIo : SocketIo
{
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int More = 0x8000;
    private const int ShutReceive = 0;
    private const int ShutBoth = 2;

    private static readonly TimeSpan UnreadStep = TimeSpan.FromSeconds(1);

    private readonly ReceiveSpin _spin;
    private readonly IDisposable _owner;
    private readonly int _descriptor;
    private readonly Lock _closing = new();
    private bool _isClosed;
    private SplicePipe? _pipe;
    private long _unreadSince;

    /// <param name="descriptor">A connected socket, blocking.</param>
    /// <param name="owner">Closes it.</param>
    /// <param name="spin">How it waits for requests.</param>
    /// <param name="isUnix">It is a Unix socket.</param>
    public LibcSocketIo(SafeHandle descriptor, IDisposable owner, ReceiveSpin spin, bool isUnix)
    {
        _spin = spin;
        _owner = owner;
        _descriptor = (int)descriptor.DangerousGetHandle();

        // Measured: what leaves through a Unix socket is never touched again, while TCP cuts it into packets first.
        ShortestPages = isUnix ? 16 << 10 : 64 << 10;

        // A send that waits for the peer comes up for air now and then, and sees how long it has waited.
        SocketCalls.SetSendTimeout(descriptor, UnreadStep);
    }

    public override int ShortestPages { get; }

    public override SplicePipe? Pipe => (_pipe ??= SplicePipe.Create()).IsUsable ? _pipe : null;

    public override TimeSpan UnreadFor
        => Volatile.Read(ref _unreadSince) is > 0 and var since ? TimeSpan.FromMilliseconds(Environment.TickCount64 - since) : TimeSpan.Zero;

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
            if (HasMoved(sent, wait))
            {
                return Math.Max(sent, 0);
            }
        }
    }

    public override void SendPages(IoSegment segment)
    {
        if (segment.Base is null)
        {
            Drain(Pipe!, (nint)segment.Length);
        }
        else if (Pipe is { } pipe)
        {
            while (segment.Length > 0)
            {
                var put = pipe.Put(segment);
                Drain(pipe, put);
                segment.Base += put;
                segment.Length -= (nuint)put;
            }
        }
        else
        {
            SendAll(segment);
        }
    }

    private void Drain(SplicePipe pipe, nint left)
    {
        while (left > 0)
        {
            var sent = pipe.MoveTo(_descriptor, left);
            if (HasMoved(sent, wait: true))
            {
                left -= sent;
            }
        }
    }

    /// <summary>Whether a call that sends has done what it may; false when it has to be made again.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    private bool HasMoved(nint sent, bool wait)
    {
        if (sent >= 0)
        {
            if (_unreadSince != 0)
            {
                Volatile.Write(ref _unreadSince, 0);
            }

            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == WouldBlock && wait)
        {
            if (_unreadSince == 0)
            {
                Volatile.Write(ref _unreadSince, Environment.TickCount64 - (long)UnreadStep.TotalMilliseconds);
            }

            return false;
        }

        if (error is not (WouldBlock or Interrupted))
        {
            throw new IOException($"the peer cannot be sent to: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        return error == WouldBlock;
    }

    public override void StopReceiving() => Shutdown(ShutReceive);

    public override void Abort() => Shutdown(ShutBoth);

    public override void Dispose()
    {
        lock (_closing)
        {
            _isClosed = true;
            _owner.Dispose();
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
}
