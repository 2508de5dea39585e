using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

/// <summary>Disks that refuse most writes, as if they refused all of them: the contract suite writes anything.</summary>
internal sealed class ReadOnlySource(DiskSource inner) : SourceFilter(inner)
{
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => new ReadOnlyDisk(await Inner.OpenAsync(request, cancellationToken));

    private sealed class ReadOnlyDisk(Disk inner) : DiskFilter(inner)
    {
        public override DiskCapabilities Capabilities { get; } = inner.Capabilities with { CanWrite = false };

        protected override bool PassesReads => true;
    }
}
