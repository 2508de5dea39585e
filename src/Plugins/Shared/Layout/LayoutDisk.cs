using System.Collections.Concurrent;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// A read-only disk that is put together of memory, files and zeroes, as one connection has opened it. What is in memory or in the
/// page cache is read at once; what may wait, the opening of a file too, goes to an I/O thread.
/// </summary>
/// <param name="reader">Reads the layout.</param>
/// <param name="threads">Where waiting is done.</param>
internal sealed class LayoutDisk(LayoutReader reader, IoThreads threads) : Disk
{
    private static readonly DiskCapabilities Offered = new()
    {
        CanExtents = true,
        CanMultiConn = true,
        Cache = Support.Emulated,
    };

    // Never more than the requests that the connection had under way at once.
    private readonly ConcurrentQueue<LayoutRequest> _spare = new();

    public override long Size => reader.Layout.Size;

    public override DiskCapabilities Capabilities => Offered;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var done = reader.TryRead(offset, buffer.Span);
        if (done == buffer.Length)
        {
            return ValueTask.CompletedTask;
        }

        var request = _spare.TryDequeue(out var spare) ? spare : new LayoutRequest(this, reader);
        request.Read(offset + done, buffer[done..], cancellationToken);

        // The task is taken first: once queued, the request may complete, and only its waiter may touch it then.
        var task = request.Task;
        threads.Queue(request);
        return task;
    }

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        var layout = reader.Layout;
        for (var index = layout.IndexOf(range.Offset); index < layout.Count && !extents.IsComplete; index++)
        {
            var region = layout[index];
            extents.Add(region.Offset, region.Length, region.Kind == RegionKind.Zeroes ? ExtentFlags.Hole | ExtentFlags.Zero : ExtentFlags.Data);
        }

        return ValueTask.CompletedTask;
    }

    internal void Return(LayoutRequest request) => _spare.Enqueue(request);
}
