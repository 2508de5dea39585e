using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class FileExportTests : FileTest
{
    [Fact]
    public async Task AFileIsServedUnderEveryName()
    {
        var source = await CreateSourceAsync($"file={Sparse(Directory["a"], 4096)}");
        await using var disk = await OpenAsync(source, "any name/at all");

        Assert.Equal(4096, disk.Size);
        Assert.Equal([new ExportInfo("")], await source.ListExportsAsync(default, CancellationToken.None));
    }

    [Fact]
    public async Task OnlyFilesDirectlyInsideADirectoryAreListed()
    {
        await FillAsync();
        var source = await CreateSourceAsync($"dir={Directory.Path}");

        Assert.Equal([".hidden", "a", "link", "z"], await NamesAsync(source));
    }

    [Theory]
    [InlineData(".hidden", 3)]
    [InlineData("a", 1)]
    [InlineData("link", 1)]
    [InlineData("z", 2)]
    public async Task TheExportNameChoosesAFileOfTheDirectory(string name, long size)
    {
        await FillAsync();
        await using var disk = await OpenAsync(await CreateSourceAsync($"dir={Directory.Path}"), name);

        Assert.Equal(size, disk.Size);
    }

    [Theory]
    [InlineData("", "list the exports")]
    [InlineData(".", "not the name of a file")]
    [InlineData("..", "not the name of a file")]
    [InlineData("directory/inside", "not the name of a file")]
    [InlineData("/etc/passwd", "not the name of a file")]
    [InlineData("directory", "neither a regular file")]
    [InlineData("link to directory", "neither a regular file")]
    [InlineData("link to device", "neither a regular file")]
    [InlineData("pipe", "neither a regular file")]
    [InlineData("link to nothing", "No such file")]
    [InlineData("nothing", "No such file")]
    public async Task EverythingElseIsRefusedWithASentence(string name, string expected)
    {
        await FillAsync();
        var source = await CreateSourceAsync($"dir={Directory.Path}");

        var refusal = await Assert.ThrowsAsync<NbdException>(() => OpenAsync(source, name));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADirectoryIsServedByDescriptorAfterItWasMoved()
    {
        await FillAsync();
        using var moving = new TemporaryDirectory();
        System.IO.Directory.CreateDirectory(moving["before"]);
        Sparse(Path.Combine(moving["before"], "inside"), 77);
        using var descriptor = InheritedDescriptor.Open(moving["before"]);
        var source = await CreateSourceAsync($"dirfd={InheritedDescriptor.Number(descriptor)}");
        System.IO.Directory.Move(moving["before"], moving["after"]);

        await using var disk = await OpenAsync(source, "inside");

        Assert.Equal(77, disk.Size);
        Assert.Equal(["inside"], await NamesAsync(source));
    }

    [Fact]
    public async Task AnInheritedFileIsServedAsItWasOpened()
    {
        var path = Full(Directory["a"], 4096);
        using var readOnly = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var readWrite = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        await using var reader = await OpenAsync(await CreateSourceAsync($"fd={InheritedDescriptor.Number(readOnly)}"));
        await using var writer = await OpenAsync(await CreateSourceAsync($"fd={InheritedDescriptor.Number(readWrite)}"));

        await writer.WriteAsync(0, "new"u8.ToArray(), WriteFlags.Fua, CancellationToken.None);

        Assert.True(writer.Capabilities.CanWrite);
        Assert.False(reader.Capabilities.CanWrite);
        Assert.Equal("new"u8.ToArray(), await ReadAsync(reader, 0, 3));
    }

    [Fact]
    public async Task AnInheritedFileStaysOpenForTheConnectionsThatFollow()
    {
        using var handle = File.OpenHandle(Full(Directory["a"], 4096), FileMode.Open, FileAccess.ReadWrite);
        var source = await CreateSourceAsync($"fd={InheritedDescriptor.Number(handle)}");
        await (await OpenAsync(source)).DisposeAsync();

        await using var second = await OpenAsync(source);

        Assert.Equal(4096, (await ReadAsync(second, 0, 4096)).Length);
    }

    [Fact]
    public async Task AResizedFileHasItsNewSizeForNewConnections()
    {
        var source = await CreateSourceAsync($"file={Sparse(Directory["a"], 4096)}");
        await using var before = await OpenAsync(source);

        Sparse(Directory["a"], 8192);
        await using var after = await OpenAsync(source);

        Assert.Equal(4096, before.Size);
        Assert.Equal(8192, after.Size);
    }

    private static async Task<IEnumerable<string>> NamesAsync(DiskSource source)
        => (await source.ListExportsAsync(default, CancellationToken.None)).Select(export => export.Name);

    private async Task FillAsync()
    {
        Sparse(Directory["z"], 2);
        Sparse(Directory["a"], 1);
        Sparse(Directory[".hidden"], 3);
        Sparse(Path.Combine(System.IO.Directory.CreateDirectory(Directory["directory"]).FullName, "inside"), 4);
        File.CreateSymbolicLink(Directory["link"], "a");
        File.CreateSymbolicLink(Directory["link to directory"], "directory");
        File.CreateSymbolicLink(Directory["link to device"], "/dev/zero");
        File.CreateSymbolicLink(Directory["link to nothing"], "nowhere");
        await Tool.Require("mkfifo").OutputAsync(Directory["pipe"]);
    }
}
