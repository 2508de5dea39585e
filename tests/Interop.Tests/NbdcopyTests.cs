using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class NbdcopyTests
{
    [Theory]
    [InlineData("memory", 1)]
    [InlineData("memory", 4)]
    [InlineData("file", 1)]
    [InlineData("file", 4)]
    public async Task AnImageComesBackUnchangedAndAsSparseAsItWas(string kind, int connections)
    {
        var nbdcopy = Tool.Require("nbdcopy");
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 2);
        await using var server = await DiskServer.StartAsync(kind, SparseImage.Size);

        await nbdcopy.OutputAsync($"--connections={connections}", "--flush", original, server.Uri);
        await nbdcopy.OutputAsync($"--connections={connections}", server.Uri, directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, directory["copy"]);
        Assert.True(await SparseImage.AllocatedBlocksAsync(directory["copy"]) <= await SparseImage.AllocatedBlocksAsync(original));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task TheMapShowsHolesWhereTheImageHadThem(string kind)
    {
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 3);
        await using var server = await DiskServer.StartAsync(kind, SparseImage.Size);

        await Tool.Require("nbdcopy").OutputAsync(original, server.Uri);

        var map = JsonNode.Parse(await Tool.Require("nbdinfo").OutputAsync("--map", "--json", server.Uri))!.AsArray();
        var holes = map.Where(extent => (string?)extent!["description"] == "hole,zero").Sum(extent => (long)extent!["length"]!);
        Assert.Equal(SparseImage.Size, map.Sum(extent => (long)extent!["length"]!));
        Assert.True(holes >= SparseImage.Size - (4 << 20), $"only {holes} bytes are holes");
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task CopyingZeroesOverDataTurnsItIntoAHole(string kind)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await DiskServer.StartAsync(kind, 8 << 20);
        var nbdcopy = Tool.Require("nbdcopy");
        await nbdcopy.OutputAsync("--allocated", SparseImage.Create(directory["data"], seed: 4, size: 8 << 20), server.Uri);

        await nbdcopy.OutputAsync(DiskServer.Sparse(directory["empty"], 8 << 20), server.Uri);
        await nbdcopy.OutputAsync(server.Uri, directory["copy"]);

        await SparseImage.AssertSameContentAsync(directory["empty"], directory["copy"]);
    }

    [Fact]
    public async Task CopiesFromOneOfOurServersToAnother()
    {
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 5);
        await using var source = await SharpNbdProgram.StartAsync("-r", "file", original);
        await using var target = await DiskServer.StartAsync("memory", SparseImage.Size);
        var nbdcopy = Tool.Require("nbdcopy");

        await nbdcopy.OutputAsync(source.Uri, target.Uri);
        await nbdcopy.OutputAsync("--synchronous", target.Uri, directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, directory["copy"]);
    }
}
