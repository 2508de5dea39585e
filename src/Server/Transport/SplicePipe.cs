using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// The kernel's own pipe between memory and a socket: what is put in are references to pages, and what the peer receives is taken from
/// them, so that nothing is copied on this side. Used by one thread at a time.
/// </summary>
internal sealed unsafe partial class SplicePipe : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int SetPipeSize = 1031;
    private const int WantedCapacity = 1 << 20;
    private const int DefaultCapacity = 64 << 10;
    private const int Interrupted = 4;
    private const uint NonBlocking = 2;
    private const uint More = 4;

    private readonly int _readEnd;
    private readonly int _writeEnd;

    private SplicePipe(int readEnd, int writeEnd, int capacity) => (_readEnd, _writeEnd, Capacity) = (readEnd, writeEnd, capacity);

    /// <summary>How many bytes of whole pages it takes.</summary>
    public int Capacity { get; }

    /// <summary>The end that pages are put in at.</summary>
    public int WriteEnd => _writeEnd;

    /// <summary>Whether there is a pipe: the limits of descriptors, or of memory in pipes, may not allow one.</summary>
    public bool IsUsable => _readEnd >= 0;

    public static SplicePipe Create()
    {
        var ends = stackalloc int[2];
        if (pipe2(ends, CloseOnExec) != 0)
        {
            return new SplicePipe(-1, -1, 0);
        }

        // A smaller one works as well, with more calls.
        var capacity = fcntl(ends[0], SetPipeSize, WantedCapacity);
        return new SplicePipe(ends[0], ends[1], capacity > 0 ? capacity : DefaultCapacity);
    }

    /// <summary>Sends memory to a socket, waiting as long as it takes.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public void Send(IoSegment segment, int socket)
    {
        while (segment.Length > 0)
        {
            var put = vmsplice(_writeEnd, &segment, 1, NonBlocking);
            if (put < 0)
            {
                ThrowUnlessInterrupted();
                continue;
            }

            segment.Base += put;
            segment.Length -= (nuint)put;
            Drain(put, socket);
        }
    }

    /// <summary>Sends what is in the pipe to a socket, waiting as long as it takes.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public void Drain(nint left, int socket)
    {
        while (left > 0)
        {
            var sent = splice(_readEnd, null, socket, null, (nuint)left, 0);
            if (sent < 0)
            {
                ThrowUnlessInterrupted();
                continue;
            }

            left -= sent;
        }
    }

    /// <summary>Throws away what is in the pipe.</summary>
    public void Discard(int length)
    {
        const int stepLength = 4096;
        var step = stackalloc byte[stepLength];
        while (length > 0 && read(_readEnd, step, (nuint)Math.Min(length, stepLength)) is var count and > 0)
        {
            length -= (int)count;
        }
    }

    public void Dispose()
    {
        if (IsUsable)
        {
            _ = close(_readEnd);
            _ = close(_writeEnd);
        }
    }

    private static void ThrowUnlessInterrupted()
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw new IOException($"the peer cannot be sent to: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint vmsplice(int descriptor, IoSegment* segments, nuint count, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint splice(int from, long* fromOffset, int to, long* toOffset, nuint length, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
