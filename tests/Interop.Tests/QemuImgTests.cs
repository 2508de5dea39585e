using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class QemuImgTests
{
    [Fact]
    public async Task InfoShowsTheSize()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "size=5M");

        var info = JsonNode.Parse(await Tool.Require("qemu-img").OutputAsync("info", "--output=json", server.Uri))!;

        Assert.Equal(5 << 20, (long)info["virtual-size"]!);
        Assert.Equal("raw", (string?)info["format"]);
    }

    [Fact]
    public async Task MapOfAFileIsTheMapThatQemuSeesInTheFileItself()
    {
        var qemuImg = Tool.Require("qemu-img");
        using var directory = new TemporaryDirectory();
        var image = SparseImage.Create(directory["image"], seed: 11);
        await using var server = await SharpNbdProgram.StartAsync("file", image);

        var through = Data(await qemuImg.OutputAsync("map", "-f", "raw", "--output=json", server.Uri));

        Assert.Equal(Data(await qemuImg.OutputAsync("map", "-f", "raw", "--output=json", image)), through);
        Assert.Equal(4, through.Count);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task ConvertingThereAndBackGivesTheSameImage(string kind)
    {
        var qemuImg = Tool.Require("qemu-img");
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 12);
        await using var server = await DiskServer.StartAsync(kind, SparseImage.Size);

        await qemuImg.OutputAsync("convert", "-n", "-f", "raw", "-O", "raw", original, server.Uri);
        await qemuImg.OutputAsync("compare", "-f", "raw", "-F", "raw", original, server.Uri);
        await qemuImg.OutputAsync("convert", "-f", "raw", "-O", "qcow2", server.Uri, directory["copy.qcow2"]);
        await qemuImg.OutputAsync("compare", "-f", "raw", "-F", "qcow2", original, directory["copy.qcow2"]);
    }

    [Fact]
    public async Task ASparseImageStaysSparseThroughAFileAndBack()
    {
        var qemuImg = Tool.Require("qemu-img");
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 13);
        await using var server = await DiskServer.StartAsync("file", SparseImage.Size);

        await qemuImg.OutputAsync("convert", "-n", "-f", "raw", "-O", "raw", original, server.Uri);
        await qemuImg.OutputAsync("convert", "-f", "raw", "-O", "raw", server.Uri, directory["copy"]);

        // A file system may take some blocks for itself, to note where the pieces of a file lie.
        var most = await SparseImage.AllocatedBlocksAsync(original) + 64;
        await SparseImage.AssertSameContentAsync(original, directory["copy"]);
        Assert.InRange(await SparseImage.AllocatedBlocksAsync(server.DiskPath), 1, most);
        Assert.InRange(await SparseImage.AllocatedBlocksAsync(directory["copy"]), 1, most);
    }

    [Fact]
    public async Task CompareFindsASingleChangedByte()
    {
        var qemuImg = Tool.Require("qemu-img");
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 14);
        await using var server = await DiskServer.StartAsync("memory", SparseImage.Size);
        await qemuImg.OutputAsync("convert", "-n", "-f", "raw", "-O", "raw", original, server.Uri);

        await Nbdsh.RunAsync(server.Uri, "h.connect_uri(uri); h.pwrite(b'!', 33333333)");

        (await qemuImg.RunAsync("compare", "-f", "raw", "-F", "raw", original, server.Uri)).Expect(1);
    }

    [Fact]
    public async Task AQcow2ImageCanLiveOnTheServer()
    {
        var qemuImg = Tool.Require("qemu-img");
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 15);
        await using var server = await DiskServer.StartAsync("memory", 80 << 20);

        await qemuImg.OutputAsync("create", "-f", "qcow2", server.Uri, $"{SparseImage.Size}");
        await qemuImg.OutputAsync("convert", "-n", "-f", "raw", "-O", "qcow2", original, server.Uri);
        await qemuImg.OutputAsync("check", "-f", "qcow2", server.Uri);

        await qemuImg.OutputAsync("compare", "-f", "raw", "-F", "qcow2", original, server.Uri);
    }

    // What holds data, in maximal runs: neighbours of one kind may be told in any number of pieces.
    private static List<(long Start, long End)> Data(string json)
    {
        var runs = new List<(long Start, long End)>();
        foreach (var extent in JsonNode.Parse(json)!.AsArray().Where(extent => (bool)extent!["data"]!))
        {
            var start = (long)extent!["start"]!;
            var end = start + (long)extent["length"]!;
            if (runs.Count > 0 && runs[^1].End == start)
            {
                runs[^1] = (runs[^1].Start, end);
            }
            else
            {
                runs.Add((start, end));
            }
        }

        return runs;
    }
}
