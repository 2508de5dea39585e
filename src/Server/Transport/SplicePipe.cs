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

    /// <summary>Puts references to memory into the pipe, which is empty.</summary>
    /// <returns>How many bytes found room: at least one page's.</returns>
    /// <exception cref="IOException">The kernel has no memory for them.</exception>
    public nint Put(IoSegment segment)
    {
        nint count;
        do
        {
            count = vmsplice(_writeEnd, &segment, 1, NonBlocking);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return count > 0 ? count : throw new IOException($"no reply can be sent: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>splice(2) from the pipe to a socket; waits as long as the socket does.</summary>
    /// <returns>The bytes that were moved; -1 with an error number.</returns>
    public nint MoveTo(int socket, nint length) => splice(_readEnd, null, socket, null, (nuint)length, 0);

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
