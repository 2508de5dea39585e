using System.Threading.Channels;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>
/// A disk that remembers what it was asked. It answers at once, or, with <see cref="CompletesAtOnce"/> false, when the test
/// completes the call; <see cref="Fails"/> picks calls that fail. Reads give <see cref="Fill"/>; nothing that is written is kept.
/// </summary>
/// <param name="size">The size in bytes.</param>
public sealed class RecordingDisk(long size = 1 << 20) : Disk
{
    /// <summary>A disk that can do everything.</summary>
    public static DiskCapabilities Everything { get; } = new()
    {
        CanWrite = true,
        CanFlush = true,
        CanTrim = true,
        CanFastZero = true,
        CanExtents = true,
        CanMultiConn = true,
        Zero = Support.Native,
        Fua = Support.Native,
        Cache = Support.Native,
    };

    private readonly Lock _lock = new();
    private readonly List<DiskCall> _calls = [];
    private readonly Channel<DiskCall> _arrivals = Channel.CreateUnbounded<DiskCall>();
    private int _closed;

    /// <inheritdoc/>
    public override long Size { get; } = size;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => OfferedCapabilities;

    /// <inheritdoc/>
    public override string? Description => OfferedDescription;

    /// <summary>What <see cref="Capabilities"/> answers.</summary>
    public DiskCapabilities OfferedCapabilities { get; init; } = Everything;

    /// <summary>What <see cref="Description"/> answers.</summary>
    public string? OfferedDescription { get; init; }

    /// <summary>False: calls stay open until the test completes them.</summary>
    public bool CompletesAtOnce { get; init; } = true;

    /// <summary>The exception that a call fails with, or null; a call that fails does so synchronously.</summary>
    public Func<DiskCall, Exception?>? Fails { get; set; }

    /// <summary>What reads return.</summary>
    public byte Fill { get; init; }

    /// <summary>What an extents call adds; all data unless set.</summary>
    public Action<ExtentList>? Extents { get; init; }

    /// <summary>How often the disk was closed.</summary>
    public int CloseCount => Volatile.Read(ref _closed);

    /// <summary>All calls so far.</summary>
    public IReadOnlyList<DiskCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>
    /// Waits for the next call that has not been taken by this method yet, whichever thread makes it, and until that one waits for the answer.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<DiskCall> NextCallAsync(CancellationToken cancellationToken = default)
    {
        var call = await _arrivals.Reader.ReadAsync(cancellationToken);
        await call.Waiting.WaitAsync(cancellationToken);
        return call;
    }

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Fill(Fill);
        return Record(DiskOperation.Read, new ByteRange(offset, buffer.Length), 0, null, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => Record(DiskOperation.Write, new ByteRange(offset, data.Length), (int)flags, data.ToArray(), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken)
        => Record(DiskOperation.Flush, default, 0, null, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => Record(DiskOperation.Trim, range, (int)flags, null, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => Record(DiskOperation.Zero, range, (int)flags, null, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => Record(DiskOperation.Cache, range, 0, null, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        if (Extents is null)
        {
            extents.Add(range.Offset, range.Length, ExtentFlags.Data);
        }
        else
        {
            Extents(extents);
        }

        return Record(DiskOperation.Extents, range, extents.FirstOnly ? 1 : 0, null, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _closed);
        return ValueTask.CompletedTask;
    }

    private ValueTask Record(DiskOperation operation, ByteRange range, int flags, byte[]? data, CancellationToken cancellationToken)
    {
        var call = new DiskCall(operation, range, flags, data, cancellationToken);
        if (Fails?.Invoke(call) is { } exception)
        {
            call.Fail(exception);
            Remember(call);
            throw exception;
        }

        if (CompletesAtOnce)
        {
            call.Complete();
        }

        // Taken before the test hears of the call: it may complete it at any time from then on.
        var answer = call.Answer;
        Remember(call);
        return answer;
    }

    private void Remember(DiskCall call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }

        _arrivals.Writer.TryWrite(call);
    }
}
