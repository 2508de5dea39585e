using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Stands where a plugin could not be made, so that the filters in front of it can still say what is wrong with their
/// parameters. Never served.
/// </summary>
internal sealed class UnavailableSource : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => throw new InvalidOperationException("a chain with errors was opened");
}
