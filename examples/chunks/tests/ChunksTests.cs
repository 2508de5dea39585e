using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;

public sealed class ChunksTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("chunks-").FullName;

    private string Disk => Path.Combine(_directory, "disk");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task WhatIsWrittenAcrossABorderIsReadAgainAndOnlyTouchedChunksAreFiles()
    {
        await using var disk = await OpenAsync();
        var data = new byte[6000];
        Random.Shared.NextBytes(data);

        await disk.WriteAsync(4096 + 1000, data, WriteFlags.None, default);
        await disk.FlushAsync(default);

        var read = new byte[16384];
        Array.Fill(read, (byte)1);
        await disk.ReadAsync(0, read, default);
        Assert.Equal([.. new byte[5096], .. data, .. new byte[16384 - 11096]], read);
        Assert.Equal(["00000001.chunk", "00000002.chunk", "chunk-size"], Directory.GetFiles(Disk).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task ATrimRemovesTheChunksThatItCoversAndNoOther()
    {
        await using var disk = await OpenAsync();
        await disk.WriteAsync(0, new byte[16384], WriteFlags.None, default);

        await disk.TrimAsync(new ByteRange(100, 8192), WriteFlags.None, default);

        var extents = new ExtentList(new ByteRange(0, 16384));
        await disk.GetExtentsAsync(extents.Range, extents, default);
        Assert.Equal(
            [new Extent(0, 4096, ExtentFlags.Data), new Extent(4096, 4096, ExtentFlags.Hole | ExtentFlags.Zero), new Extent(8192, 8192, ExtentFlags.Data)],
            extents.Extents.ToArray());
    }

    [Fact]
    public async Task AnotherChunkSizeThanThatOfTheDirectoryIsRefused()
    {
        await (await OpenAsync()).DisposeAsync();

        var refused = await Assert.ThrowsAsync<ParameterException>(() => OpenAsync("8k"));

        Assert.Equal($"chunk=8K: {Disk} was made with chunk=4K", refused.Message);
    }

    [Fact]
    public async Task AnImageIsCopiedIntoItAndBack()
    {
        var image = Path.Combine(_directory, "image");
        var content = new byte[10_000_000];
        Random.Shared.NextBytes(content);
        File.WriteAllBytes(image, content);

        await ServedDisk.RunAsync(
            "nbdcopy", $"nbdcopy --flush {image} \"$uri\" && nbdcopy \"$uri\" {image}.copy", typeof(ChunksPlugin).Assembly.Location, Disk, "size=10000000", "chunk=1M");

        Assert.Equal(content, File.ReadAllBytes(image + ".copy"));
        Assert.Equal(10, Directory.GetFiles(Disk, "*.chunk").Length);
    }

    private async Task<Disk> OpenAsync(string chunk = "4k")
    {
        var source = await new ChunksPlugin().CreateAsync(
            [new("dir", Disk), new("size", "16k"), new("chunk", chunk)], new ComponentContext(NullLogger.Instance, TimeProvider.System), default);
        return await source.OpenAsync(new OpenRequest(), default);
    }
}
