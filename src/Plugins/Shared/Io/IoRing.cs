using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>
/// The kernel's io_uring, for reads: one call hands over many and takes what has been done. Belongs to the thread that calls
/// <see cref="Enable"/>, until it is disposed of by that one too.
/// </summary>
internal sealed unsafe partial class IoRing : IDisposable
{
    private const nint SetupCall = 425;
    private const nint EnterCall = 426;
    private const nint RegisterCall = 427;
    private const nint EnableRings = 12;
    private const uint Disabled = 1 << 6;
    private const uint SingleIssuer = 1 << 12;
    private const uint DeferTaskRun = 1 << 13;
    private const uint GetEvents = 1;
    private const byte ReadOperation = 22;
    private const long EntriesOffset = 0x1000_0000;

    private readonly int _descriptor;
    private readonly RingParameters _layout;
    private readonly byte* _rings;
    private readonly nuint _ringsLength;
    private readonly RingEntry* _entries;
    private uint _unsubmitted;

    private IoRing(int descriptor, in RingParameters layout, byte* rings, nuint ringsLength, RingEntry* entries)
    {
        (_descriptor, _layout, _ringsLength) = (descriptor, layout, ringsLength);
        _rings = rings;
        _entries = entries;
    }

    /// <summary>Makes a ring; null where the kernel, older than 6.1 or told so, has none for us.</summary>
    /// <param name="entries">The most reads that wait to be handed over; a power of 2.</param>
    public static IoRing? TryCreate(uint entries)
    {
        // With the last two, all work for the ring is done by its own thread, in the call that waits for it.
        var layout = new RingParameters { Flags = Disabled | SingleIssuer | DeferTaskRun };
        var descriptor = (int)SystemCall(SetupCall, (nint)entries, (nint)(&layout), 0, 0, 0, 0);
        if (descriptor < 0)
        {
            return null;
        }

        var submissions = layout.Submission.Indexes + (layout.SubmissionEntries * sizeof(uint));
        var completions = layout.Completion.Completions + (layout.CompletionEntries * (uint)sizeof(RingCompletion));
        var length = (nuint)Math.Max(submissions, completions);
        var rings = Map(length, descriptor, 0);
        var array = Map((nuint)(layout.SubmissionEntries * sizeof(RingEntry)), descriptor, EntriesOffset);
        if (rings is not null && array is not null)
        {
            return new IoRing(descriptor, layout, rings, length, (RingEntry*)array);
        }

        Unmap(array, (nuint)(layout.SubmissionEntries * sizeof(RingEntry)));
        Unmap(rings, length);
        _ = Libc.Close(descriptor);
        return null;
    }

    /// <summary>Makes the calling thread the ring's own, which the kernel allows once.</summary>
    public void Enable() => _ = SystemCall(RegisterCall, _descriptor, EnableRings, 0, 0, 0, 0);

    /// <summary>Adds a read, to be handed over by <see cref="Enter"/>.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="offset">Where in the file; -1 for what is no file.</param>
    /// <param name="buffer">Where to; has to stay there.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="tag">Comes back with the result.</param>
    /// <returns>False when too many wait already.</returns>
    public bool TryAdd(int file, long offset, byte* buffer, int length, ulong tag)
    {
        ref var tail = ref Word(_layout.Submission.Tail);
        if (tail - Volatile.Read(ref Word(_layout.Submission.Head)) >= _layout.SubmissionEntries)
        {
            return false;
        }

        var index = tail & (_layout.SubmissionEntries - 1);
        _entries[index] = new RingEntry
        {
            Operation = ReadOperation, File = file, Offset = (ulong)offset, Address = (ulong)buffer, Length = (uint)length, Tag = tag,
        };
        Word(_layout.Submission.Indexes + (index * sizeof(uint))) = index;
        Volatile.Write(ref tail, tail + 1);
        _unsubmitted++;
        return true;
    }

    /// <summary>Hands over what was added, and waits until something is done.</summary>
    public void Enter()
    {
        var count = SystemCall(EnterCall, _descriptor, (nint)_unsubmitted, 1, (nint)GetEvents, 0, 0);

        // A call that was interrupted, or that the kernel was too busy for, is made again by the caller's loop.
        if (count > 0)
        {
            _unsubmitted -= (uint)count;
        }
    }

    /// <summary>Takes the next result, in the order in which they came.</summary>
    /// <param name="tag">What was given with the read.</param>
    /// <param name="result">The number of bytes, or the negated error number.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake(out ulong tag, out int result)
    {
        ref var head = ref Word(_layout.Completion.Head);
        if (head == Volatile.Read(ref Word(_layout.Completion.Tail)))
        {
            (tag, result) = (0, 0);
            return false;
        }

        var completion = ((RingCompletion*)(_rings + _layout.Completion.Completions))[head & (_layout.CompletionEntries - 1)];
        (tag, result) = (completion.Tag, completion.Result);
        Volatile.Write(ref head, head + 1);
        return true;
    }

    public void Dispose()
    {
        Unmap(_entries, (nuint)(_layout.SubmissionEntries * sizeof(RingEntry)));
        Unmap(_rings, _ringsLength);
        _ = Libc.Close(_descriptor);
    }

    private ref uint Word(uint offset) => ref *(uint*)(_rings + offset);

    private static byte* Map(nuint length, int descriptor, long offset)
    {
        const int readWrite = 1 | 2, sharedAndPopulated = 0x01 | 0x8000;
        var address = MMap(null, length, readWrite, sharedAndPopulated, descriptor, offset);
        return (nint)address == -1 ? null : address;
    }

    private static void Unmap(void* address, nuint length)
    {
        if (address is not null)
        {
            _ = MUnmap(address, length);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint call, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* MMap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MUnmap(void* address, nuint length);
}
