using System.Collections;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Several disks in one server, each an export of its own name:
/// <c>new NamedExports { { "root", disk }, { "data", source, "where everything lies" } }</c>. Complete it before the server starts.
/// </summary>
public sealed class NamedExports : DiskSource, IEnumerable<ExportInfo>
{
    private readonly List<ExportInfo> _exports = [];
    private readonly Dictionary<string, DiskSource> _sources = [];

    /// <summary>The export that clients get who name none; null, as it is unless set, for the only one, or none where there are several.</summary>
    public string? Default { get; init; }

    /// <summary>The lowest of all sources.</summary>
    public override ThreadModel ThreadModel => _sources.Values.Select(source => source.ThreadModel).DefaultIfEmpty(ThreadModel.Parallel).Min();

    /// <summary>Adds a source; what it opens for the default export is what clients get under the name.</summary>
    /// <param name="name">The name, at most 4096 bytes of UTF-8.</param>
    /// <param name="source">The source; disposed with this one.</param>
    /// <param name="description">A sentence for a human, or null.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, DiskSource source, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _sources.Add(name, source);
        _exports.Add(new ExportInfo(name, description));
    }

    /// <summary>Adds a disk, which all connections share.</summary>
    /// <param name="name">The name, at most 4096 bytes of UTF-8.</param>
    /// <param name="disk">The disk; disposed with this source.</param>
    /// <param name="description">A sentence for a human, or null.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Disk disk, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(disk);
        Add(name, new SharedDiskSource(disk), description);
    }

    /// <inheritdoc/>
    public override async ValueTask ReadyAsync(ThreadModel threadModel, CancellationToken cancellationToken)
    {
        foreach (var source in _sources.Values)
        {
            await source.ReadyAsync(threadModel, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask EnteredBackgroundAsync(CancellationToken cancellationToken)
    {
        foreach (var source in _sources.Values)
        {
            await source.EnteredBackgroundAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var source in _sources.Values)
        {
            await source.StartedAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken)
    {
        foreach (var source in _sources.Values)
        {
            await source.PreconnectAsync(request, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken)
        => new(Default ?? (_exports.Count == 1 ? _exports[0].Name : ""));

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
        => new(_exports);

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => _sources.TryGetValue(request.ExportName, out var source)
            ? source.OpenAsync(request with { ExportName = "" }, cancellationToken)
            : throw new NbdException(
                NbdError.EINVAL, $"there is no export '{request.ExportName}'; the exports are {string.Join(", ", _exports.Select(export => export.Name))}");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
        {
            await source.DisposeAsync();
        }
    }

    /// <summary>The exports in the order in which they were added.</summary>
    public IEnumerator<ExportInfo> GetEnumerator() => _exports.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
