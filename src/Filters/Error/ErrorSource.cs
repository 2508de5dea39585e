using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal sealed class ErrorSource(DiskSource inner, ErrorInjectors injectors) : SourceFilter(inner)
{
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        injectors.Open?.ThrowIfDue();
        return new ErrorDisk(await Inner.OpenAsync(request, cancellationToken), injectors);
    }
}
