using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class NbdinfoTests
{
    [Fact]
    public async Task MemoryShowsWhatItShowsInNbdkitBlockSizesAside()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        string[] arguments = ["memory", "size=64M"];
        await using var ours = await SharpNbdProgram.StartAsync(arguments);
        await using var theirs = await NbdkitProgram.StartAsync(arguments);

        Assert.Equal(
            Comparable(await nbdinfo.OutputAsync("--json", theirs.Uri)),
            Comparable(await nbdinfo.OutputAsync("--json", ours.Uri)));
    }

    [Fact]
    public async Task ReadOnlyMemoryShowsWhatItShowsInNbdkit()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        string[] arguments = ["-r", "memory", "size=64M"];
        await using var ours = await SharpNbdProgram.StartAsync(arguments);
        await using var theirs = await NbdkitProgram.StartAsync(arguments);

        Assert.Equal(
            Comparable(await nbdinfo.OutputAsync("--json", theirs.Uri)),
            Comparable(await nbdinfo.OutputAsync("--json", ours.Uri)));
    }

    [Fact]
    public async Task FileShowsWhatItShowsInNbdkitExceptThatFastZeroIsOffered()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        using var directory = new TemporaryDirectory();
        string[] arguments = ["file", SparseImage.Create(directory["image"], seed: 1)];
        await using var ours = await SharpNbdProgram.StartAsync(arguments);
        await using var theirs = await NbdkitProgram.StartAsync(arguments);

        Assert.Equal(
            Comparable(await nbdinfo.OutputAsync("--json", theirs.Uri), "can_fast_zero"),
            Comparable(await nbdinfo.OutputAsync("--json", ours.Uri), "can_fast_zero"));
        Assert.Equal(await nbdinfo.OutputAsync("--map", theirs.Uri), await nbdinfo.OutputAsync("--map", ours.Uri));
    }

    [Fact]
    public async Task AnEmptyMemoryDiskIsOneHole()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "size=64M");

        var map = JsonNode.Parse(await Tool.Require("nbdinfo").OutputAsync("--map", "--json", server.Uri))!.AsArray();

        var extent = Assert.Single(map)!;
        Assert.Equal(0, (long)extent["offset"]!);
        Assert.Equal(64 << 20, (long)extent["length"]!);
        Assert.Equal("hole,zero", (string?)extent["description"]);
    }

    [Fact]
    public async Task ListNamesTheFilesOfADirectory()
    {
        using var directory = new TemporaryDirectory();
        DiskServer.Sparse(directory["alpha"], 4096);
        DiskServer.Sparse(directory["beta"], 8192);
        await using var server = await SharpNbdProgram.StartAsync("file", $"dir={directory.Path}");

        var listed = JsonNode.Parse(await Tool.Require("nbdinfo").OutputAsync("--list", "--json", server.Uri))!["exports"]!.AsArray();

        Assert.Equal(
            [("alpha", 4096L), ("beta", 8192L)],
            listed.Select(export => ((string)export!["export-name"]!, (long)export["export-size"]!)).Order());
    }

    [Fact]
    public async Task AnExportThatDoesNotExistIsRefusedAndTheServerGoesOn()
    {
        using var directory = new TemporaryDirectory();
        DiskServer.Sparse(directory["alpha"], 4096);
        await using var server = await SharpNbdProgram.StartAsync("file", $"dir={directory.Path}");
        var nbdinfo = Tool.Require("nbdinfo");

        Assert.NotEqual(0, (await nbdinfo.RunAsync("--size", server.UriOf("nosuch"))).ExitCode);
        Assert.Equal("4096", (await nbdinfo.OutputAsync("--size", server.UriOf("alpha"))).Trim());
    }

    [Fact]
    public async Task ServesTcpOnAFreePortOfTheLoopback()
    {
        var nbdinfo = Tool.Require("nbdinfo");

        var result = await SharpNbdProgram.RunAsync("-i", "127.0.0.1", "-p", "0", "--run", $"{nbdinfo.Path} --size nbd://127.0.0.1:$port", "memory", "3M");

        Assert.Equal((3 << 20).ToString(), result.Expect(0).Output.Trim());
    }

    // The URI holds the socket's name, and block sizes are advertised by newer versions than the one that is compared with.
    private static string Comparable(string json, params string[] aside)
    {
        var root = JsonNode.Parse(json)!;
        foreach (var export in root["exports"]!.AsArray().Select(export => export!.AsObject()))
        {
            foreach (var name in export.Select(property => property.Key).ToList())
            {
                if (name == "uri" || name.StartsWith("block_", StringComparison.Ordinal) || aside.Contains(name))
                {
                    export.Remove(name);
                }
            }
        }

        return root.ToJsonString();
    }
}
