using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A private directory, and disks that the plugin serves out of it as from the command line.</summary>
public abstract class FileTest : IAsyncDisposable
{
    private readonly List<DiskSource> _sources = [];

    protected TemporaryDirectory Directory { get; } = new();

    protected async Task<DiskSource> CreateSourceAsync(params string[] parameters)
    {
        var values = parameters.Select(parameter => parameter.Split('=', 2)).Select(pair => new ParameterValue(pair[0], pair[1])).ToArray();
        var context = new ComponentContext(NullLogger.Instance, TimeProvider.System);
        var source = await new FilePlugin().CreateAsync(values, context, CancellationToken.None);
        _sources.Add(source);
        return source;
    }

    protected async Task<Disk> OpenAsync(string path, params string[] more)
        => await OpenAsync(await CreateSourceAsync([$"file={path}", .. more]));

    protected static async Task<Disk> OpenAsync(DiskSource source, string exportName = "", bool readOnly = false)
        => await source.OpenAsync(new OpenRequest { ExportName = exportName, ReadOnly = readOnly }, CancellationToken.None);

    /// <summary>A file that is one hole.</summary>
    protected static string Sparse(string path, long size)
    {
        using var file = File.Create(path);
        file.SetLength(size);
        return path;
    }

    /// <summary>A file full of data, all of it allocated and on the device.</summary>
    protected static string Full(string path, int size)
    {
        var data = new byte[size];
        Random.Shared.NextBytes(data);
        File.WriteAllBytes(path, data);
        using var file = File.OpenWrite(path);
        file.Flush(flushToDisk: true);
        return path;
    }

    /// <summary>The space that a file takes on its file system, in bytes.</summary>
    protected static async Task<long> AllocatedAsync(string path)
        => 512 * long.Parse(await Tool.Require("stat").OutputAsync("-c", "%b", path), CultureInfo.InvariantCulture);

    protected static async Task<Extent[]> ExtentsAsync(Disk disk, long offset, long length, bool firstOnly = false)
    {
        var list = new ExtentList(new ByteRange(offset, length), firstOnly);
        await disk.GetExtentsAsync(list.Range, list, CancellationToken.None);
        return list.Extents.ToArray();
    }

    protected static async Task<byte[]> ReadAsync(Disk disk, long offset, int length)
    {
        var buffer = new byte[length];
        await disk.ReadAsync(offset, buffer, CancellationToken.None);
        return buffer;
    }

    protected static async Task<NbdError> ErrorOfAsync(Func<ValueTask> call)
        => (await Assert.ThrowsAsync<NbdException>(async () => await call())).Error;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }

        Directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
