using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Server;

/// <summary>
/// A connection over standard input and output, which may be pipes or anything else that can be read and written. What
/// they share with other processes, such as whether they block, is left as it is.
/// </summary>
internal sealed unsafe partial class StandardIo : SocketIo
{
    private const short Readable = 1;
    private const short Writable = 4;

    /// <summary>PIPE_BUF: what a pipe that says it is writable takes without waiting.</summary>
    private const int SurelyFits = 4096;

    private const int Input = 0;
    private const int Output = 1;

    private readonly SafeFileHandle _stopped;
    private readonly SafeFileHandle _stop;
    private volatile bool _isAborted;

    public StandardIo()
    {
        var ends = stackalloc int[2];
        if (HostCalls.Pipe(ends) < 0)
        {
            throw new StartupException($"no pipe for standard input: {SocketCalls.LastError()}");
        }

        (_stopped, _stop) = (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    public override int Receive(byte* buffer, int length)
    {
        while (WaitFor(Input, Readable))
        {
            var count = HostCalls.Read(Input, buffer, length);
            if (count >= 0)
            {
                return (int)count;
            }

            if (!MayTryAgain())
            {
                break;
            }
        }

        return 0;
    }

    public override int Receive(IoSegment* segments, int count)
    {
        while (WaitFor(Input, Readable))
        {
            var received = readv(Input, segments, count);
            if (received >= 0)
            {
                return (int)received;
            }

            if (!MayTryAgain())
            {
                break;
            }
        }

        return 0;
    }

    public override long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false)
    {
        while (true)
        {
            if (!wait && !IsWritable())
            {
                return 0;
            }

            if (wait && !WaitFor(Output, Writable))
            {
                throw new IOException("the connection was cut");
            }

            // Never more than is taken at once, so that a stop finds us in the wait above.
            var sent = HostCalls.Write(Output, segments[0].Base, (nint)Math.Min(segments[0].Length, SurelyFits));
            if (sent >= 0)
            {
                return sent;
            }

            if (!MayTryAgain())
            {
                throw new IOException($"standard output cannot be written to: {SocketCalls.LastError()}");
            }
        }
    }

    public override void StopReceiving() => Stop();

    public override void Abort()
    {
        _isAborted = true;
        Stop();
    }

    public override void Dispose()
    {
        _stop.Dispose();
        _stopped.Dispose();
    }

    private static bool MayTryAgain() => Marshal.GetLastPInvokeError() is HostCalls.Interrupted or HostCalls.TryAgain;

    private static bool IsWritable()
    {
        var poll = new PollDescriptor { Descriptor = Output, Events = Writable };
        return HostCalls.Poll(&poll, 1, 0) > 0;
    }

    // What ends the receiving direction does not end the sending one: only a cut connection does.
    private bool WaitFor(int descriptor, short events)
    {
        var poll = stackalloc PollDescriptor[2];
        poll[0] = new PollDescriptor { Descriptor = descriptor, Events = events };
        poll[1] = new PollDescriptor { Descriptor = (int)_stopped.DangerousGetHandle(), Events = Readable };
        while (true)
        {
            var isStoppable = descriptor == Input || _isAborted;
            if (HostCalls.Poll(poll, isStoppable ? 2u : 1u, descriptor == Input ? -1 : 1000) < 0 && !MayTryAgain())
            {
                return false;
            }

            if (poll[0].ReturnedEvents != 0)
            {
                return !_isAborted;
            }

            if (isStoppable && poll[1].ReturnedEvents != 0)
            {
                return false;
            }
        }
    }

    private void Stop()
    {
        byte signal = 1;
        _ = HostCalls.Write((int)_stop.DangerousGetHandle(), &signal, 1);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readv(int descriptor, IoSegment* segments, int count);
}
