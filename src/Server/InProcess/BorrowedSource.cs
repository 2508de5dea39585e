using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>A source that somebody else disposes.</summary>
/// <param name="inner">The source.</param>
internal sealed class BorrowedSource(DiskSource inner) : SourceFilter(inner)
{
    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
