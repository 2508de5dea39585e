using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The plugins that are a page of code each, side by side with nbdkit's.</summary>
public sealed class SmallSourcesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("zero")]
    [InlineData("full", "size=1M")]
    [InlineData("random", "size=1M", "seed=1")]
    [InlineData("sparse-random", "size=1M", "seed=1")]
    [InlineData("sparse-random", "size=1M", "seed=1", "percent=0")]
    [InlineData("sparse-random", "size=1M", "seed=1", "percent=100")]
    [InlineData("info", "mode=exportname")]
    [InlineData("info", "mode=base64exportname")]
    [InlineData("info", "mode=address")]
    [InlineData("info", "mode=time")]
    [InlineData("info", "mode=uptime")]
    [InlineData("info", "mode=conntime")]
    public async Task ClientsAreOfferedWhatNbdkitOffers(params string[] arguments)
    {
        await using var ours = await SharpNbdProgram.StartAsync(arguments);
        await using var theirs = await NbdkitProgram.StartAsync(arguments);

        Assert.Equal(await OfferedAsync(theirs.Uri), await OfferedAsync(ours.Uri));
    }

    [Fact]
    public async Task SplitFilesShowSizesHolesAndOffersOfNbdkit()
    {
        string[] files = [Write("a", 100_000), DiskServer.Sparse(_directory["b"], 1 << 20), Write("c", 1000), Write("d", 3)];
        await using var ours = await SharpNbdProgram.StartAsync(["split", .. files]);
        await using var theirs = await NbdkitProgram.StartAsync(["split", .. files]);
        var nbdinfo = Tool.Require("nbdinfo");

        Assert.Equal(await OfferedAsync(theirs.Uri), await OfferedAsync(ours.Uri));
        Assert.Equal(await nbdinfo.OutputAsync("--map", theirs.Uri), await nbdinfo.OutputAsync("--map", ours.Uri));
        await Tool.Require("nbdcopy").OutputAsync(ours.Uri, _directory["copy"]);
        Assert.Equal(files.SelectMany(File.ReadAllBytes), File.ReadAllBytes(_directory["copy"]));
    }

    [Fact]
    public async Task SplitFilesTakeWhatIsCopiedToThem()
    {
        string[] files = [DiskServer.Sparse(_directory["a"], 1_000_001), DiskServer.Sparse(_directory["b"], 2_000_000), DiskServer.Sparse(_directory["c"], 999)];
        var image = Write("image", 3_001_000);
        await using var server = await SharpNbdProgram.StartAsync(["split", .. files]);

        await Tool.Require("nbdcopy").OutputAsync(image, server.Uri);

        Assert.Equal(File.ReadAllBytes(image), files.SelectMany(File.ReadAllBytes));
    }

    [Theory]
    [InlineData("full", "size=1M")]
    [InlineData("random", "size=1M", "seed=1")]
    [InlineData("sparse-random", "size=1M", "seed=1", "percent=0")]
    [InlineData("sparse-random", "size=1M", "seed=1", "percent=100")]
    public async Task ChangesAreAnsweredAsByNbdkit(params string[] arguments)
    {
        await using var ours = await SharpNbdProgram.StartAsync(arguments);
        await using var theirs = await NbdkitProgram.StartAsync(arguments);

        Assert.Equal(await AnswersAsync(theirs.Uri), await AnswersAsync(ours.Uri));
    }

    [Theory]
    [InlineData("random", "size=20M")]
    [InlineData("sparse-random", "size=1G")]
    [InlineData("sparse-random", "size=256M", "percent=50", "runlength=64K", "random-content=true")]
    public async Task ACopyOfARandomDiskOntoItselfSucceeds(params string[] arguments)
    {
        await using var server = await SharpNbdProgram.StartAsync(arguments);

        await Tool.Require("nbdcopy").OutputAsync(server.Uri, server.Uri);
    }

    [Fact]
    public async Task ADiskTellsTheAddressOfItsClient()
    {
        var nbdcopy = Tool.Require("nbdcopy").Path;

        var local = await SharpNbdProgram.RunAsync("-U", "-", "--run", $"{nbdcopy} \"$uri\" -", "info", "address");
        var four = await SharpNbdProgram.RunAsync("-i", "127.0.0.1", "-p", "0", "--run", $"{nbdcopy} nbd://127.0.0.1:$port -", "info", "address");

        Assert.Equal("unix", local.Expect(0).Output);
        Assert.Matches("^127\\.0\\.0\\.1:[0-9]+$", four.Expect(0).Output);
    }

    [Fact]
    public async Task ADiskIsTheNameOfItsExport()
    {
        await using var server = await SharpNbdProgram.StartAsync("info");

        Assert.Equal("a name/ with ümlaut", await Tool.Require("nbdcopy").OutputAsync(server.UriOf("a name/ with ümlaut"), "-"));
    }

    public void Dispose() => _directory.Dispose();

    private static async Task<string> OfferedAsync(string uri)
    {
        var export = JsonNode.Parse(await Tool.Require("nbdinfo").OutputAsync("--json", "--no-content", uri))!["exports"]![0]!.AsObject();
        return string.Join(' ', export.Where(pair => pair.Key.StartsWith("can_", StringComparison.Ordinal) || pair.Key is "is_read_only" or "is_rotational" or "export-size")
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    private static Task<string> AnswersAsync(string uri) => Nbdsh.RunAsync(uri, """
        h.set_strict_mode(0)
        h.connect_uri(uri)
        same = h.pread(512, 7)
        for name, request in [
            ("write the same", lambda: h.pwrite(same, 7)),
            ("write other", lambda: h.pwrite(bytes(b ^ 1 for b in same), 7)),
            ("write zeroes", lambda: h.pwrite(bytes(512), 0)),
            ("zero", lambda: h.zero(512, 0)),
            ("trim", lambda: h.trim(512, 0)),
            ("cache", lambda: h.cache(512, 0)),
        ]:
            print(name, errno_of(request))
        """);

    private string Write(string name, int size)
    {
        var content = new byte[size];
        Random.Shared.NextBytes(content);
        return _directory.Write(name, content);
    }
}
