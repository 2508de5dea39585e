using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Serves a temporary file that has no name any more, and gives its space back at the end.</summary>
/// <param name="image">The file, open for reading.</param>
internal sealed class ProgramImageSource(SafeFileHandle image) : SourceFilter(
    new FileSource(new InheritedFile((int)image.DangerousGetHandle(), FileAccessPattern.Normal), FileCacheMode.Default, NullLogger.Instance))
{
    // What is served is known to be read-only, so that nobody needs to be told.
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => Inner.OpenAsync(request with { ReadOnly = true, ExportName = "" }, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        image.Dispose();
    }
}
