using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Other programs read the images.</summary>
public sealed class IsoReaderTests : IDisposable
{
    private readonly IsoServer _iso = new();

    [Theory]
    [InlineData("-R")]
    [InlineData("-JRT -hide-joliet-trans-tbl -table-name .table")]
    [InlineData("-R -D")]
    public async Task XorrisoExtractsTheTreeThatWasServed(string options)
    {
        await _iso.FillAsync();
        var image = await _iso.CopyAsync(options);
        Directory.CreateDirectory(_iso["out"]);

        await Tool.Require("xorriso").OutputAsync("-osirrox", "on", "-indev", image, "-extract", "/", _iso["out"]);

        await Tool.Require("find").OutputAsync(_iso["out"], "-name", ".table", "-delete");
        Assert.Empty(await Tool.Require("diff").OutputAsync("-r", "--no-dereference", _iso.Tree, _iso["out"]));
        Assert.Equal(await FactsAsync(_iso.Tree), await FactsAsync(_iso["out"]));
    }

    [Fact]
    public async Task XorrisoFindsNoMistakeInTheImage()
    {
        await _iso.FillAsync();
        var image = await _iso.CopyAsync("-JrT");
        var result = (await Tool.Require("xorriso").RunAsync("-indev", image, "-find", "/", "-exec", "lsdl", "--", "-check_media")).Expect(0);
        Assert.DoesNotContain(result.ErrorLines, line => line.Contains("SORRY", StringComparison.Ordinal) || line.Contains("WARNING", StringComparison.Ordinal));
        Assert.Contains("'/Ordner mit Ümläuten/日本語のファイル.txt'", result.Output, StringComparison.Ordinal);
        Assert.Contains("'/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/deeper'", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("rr_moved", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheImageIsRecognised()
    {
        var image = await _iso.CopyAsync("-V SharpNbd");
        Assert.Contains("ISO 9660 CD-ROM filesystem data 'SharpNbd'", await Tool.Require("file").OutputAsync("-s", image), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xorriso")]
    [InlineData("genisoimage")]
    public async Task AnotherProgramMakesTheImageOnDemand(string program)
    {
        Tool.Require(program);
        File.WriteAllText(Path.Combine(_iso.Tree, "it's a file"), "content");
        var temporary = Directory.CreateDirectory(_iso["temporary"]);

        var image = await _iso.CopyAsync("-R -V 'My Disk'", $"prog={program}");

        Assert.Equal("content", await Tool.Require("isoinfo").OutputAsync("-R", "-i", image, "-x", "/it's a file"));
        Assert.Contains("Volume id: My Disk", await Tool.Require("isoinfo").OutputAsync("-d", "-i", image), StringComparison.Ordinal);
        Assert.Empty(temporary.GetFileSystemInfos());
    }

    [Fact]
    public async Task AProgramThatFailsEndsTheStartWithItsWords()
    {
        var result = await SharpNbdProgram.RunAsync("-U", "-", "iso", _iso.Tree, "prog=genisoimage", "params=-no-such-option", "--run", "true");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("prog=genisoimage failed with status", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    /// <summary>Permissions and time of every file, to the minute, as the image has no fractions of seconds.</summary>
    private static async Task<IEnumerable<string>> FactsAsync(string directory)
        => (await Tool.Require("find").OutputAsync(directory, "-type", "f", "-printf", "%P %M %TY-%Tm-%Td %TH:%TM\n")).Split('\n').Order(StringComparer.Ordinal);

    public void Dispose() => _iso.Dispose();
}
