using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A private directory, and disks over the files in it.</summary>
public abstract class LayoutTest : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    private protected TemporaryDirectory Directory { get; } = new();

    private protected RecordingLogger Logger { get; } = new();

    private protected SourceFiles Files { get; } = new();

    /// <summary>Finds the files that are in the directory now and opens a disk that holds one behind the other.</summary>
    private protected async Task<Disk> OpenAsync()
    {
        var root = Files.AddRoot(Directory.Path);
        var builder = new LayoutBuilder();
        foreach (var entry in DirectoryReader.Read(Files, root, followLinks: false).Where(entry => entry.Facts.IsRegular))
        {
            builder.AddFile(Files.AddFile(root, entry.Name, entry.Facts.Identity), 0, entry.Facts.Size);
        }

        return await OpenAsync(builder.Build());
    }

    private protected async Task<Disk> OpenAsync(VirtualLayout layout)
    {
        var source = new LayoutSource(layout, Files, Logger);
        var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        _open.InsertRange(0, [disk, source]);
        return disk;
    }

    private protected static async Task<byte[]> ReadAsync(Disk disk, long offset, int length)
    {
        var buffer = new byte[length];
        await disk.ReadAsync(offset, buffer, CancellationToken.None);
        return buffer;
    }

    private protected static async Task FailsAsync(Disk disk, long offset, int length)
        => Assert.Equal(NbdError.EIO, (await Assert.ThrowsAsync<NbdException>(() => ReadAsync(disk, offset, length))).Error);

    public async ValueTask DisposeAsync()
    {
        foreach (var each in _open)
        {
            await each.DisposeAsync();
        }

        // .NET cannot delete what it cannot name.
        await Tool.Require("find").OutputAsync(Directory.Path, "-mindepth", "1", "-delete");
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
