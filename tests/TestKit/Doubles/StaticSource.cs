using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A source that opens what the test gives it, and remembers the requests.</summary>
/// <param name="open">Makes the disk for a request; may throw.</param>
public sealed class StaticSource(Func<OpenRequest, Disk> open) : DiskSource
{
    private readonly Lock _lock = new();
    private readonly List<OpenRequest> _requests = [];
    private int _closed;

    /// <summary>A source that gives the same disk to everyone.</summary>
    /// <param name="disk">The disk; closed by whoever opens it.</param>
    public StaticSource(Disk disk)
        : this(_ => disk)
    {
    }

    /// <inheritdoc/>
    public override ThreadModel ThreadModel => OfferedThreadModel;

    /// <summary>What <see cref="ThreadModel"/> answers.</summary>
    public ThreadModel OfferedThreadModel { get; init; } = ThreadModel.Parallel;

    /// <summary>What is listed.</summary>
    public IReadOnlyList<ExportInfo> Exports { get; init; } = [new ExportInfo("")];

    /// <summary>What the default export is called.</summary>
    public string DefaultExport { get; init; } = "";

    /// <summary>How often the source was closed.</summary>
    public int CloseCount => Volatile.Read(ref _closed);

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<OpenRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken)
        => new(DefaultExport);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
        => new(Exports);

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _requests.Add(request);
        }

        return new(open(request));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _closed);
        return ValueTask.CompletedTask;
    }
}
