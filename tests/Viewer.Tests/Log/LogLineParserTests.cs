using System.Text;

namespace SharpNbd.Viewer.Tests;

/// <summary>Lines of the log filter, as SharpNbd and nbdkit 1.32 write them.</summary>
public sealed class LogLineParserTests
{
    private readonly LogLineParser _parser = new();

    [Fact]
    public void ACallLineTellsWhatIsAskedFor()
    {
        var line = Parse("2026-11-23 04:34:18.617140 connection=2 Write id=7 offset=0x1000 count=0x200 fua=1 ...");

        Assert.Equal(
            new LogLine
            {
                Time = 1795408458617140,
                Kind = LineKind.Call,
                Operation = Operation.Write,
                Connection = 2,
                Id = 7,
                Offset = 0x1000,
                Count = 0x200,
            },
            line);
    }

    [Theory]
    [InlineData("Read id=1 offset=0x0 count=0x1 ...", "Read")]
    [InlineData("Trim id=1 offset=0x0 count=0x1 fua=0 ...", "Trim")]
    [InlineData("Zero id=1 offset=0x0 count=0x1 trim=1 fua=0 fast=0 ...", "Zero")]
    [InlineData("Extents id=1 offset=0x0 count=0x1 req_one=0 ...", "Extents")]
    [InlineData("Cache id=1 offset=0x0 count=0x1 ...", "Cache")]
    [InlineData("Flush id=1 ...", "Flush")]
    public void EveryOperationIsKnown(string rest, string operation)
    {
        var line = Parse($"2026-11-23 04:34:18.617140 connection=1 {rest}");

        Assert.Equal((LineKind.Call, operation, 1), (line.Kind, line.Operation.ToString(), line.Id));
    }

    [Theory]
    [InlineData("...Read id=3 return=0", "None")]
    [InlineData("...Read id=3 return=-1 error=EIO", "EIO")]
    [InlineData("...Write id=3 return=-1 error=ENOSPC", "ENOSPC")]
    [InlineData("...Read id=3 return=-1 error=EWHATEVER", "Other")]
    [InlineData("...Extents id=3 extents=(0x0 0x8000 \"\" 0x8000 0xf8000 \"hole,zero\") return=0", "None")]
    [InlineData("...Extents id=3 extents=(0x0 0x8000 \"\") return=-1 error=EINVAL", "EINVAL")]
    public void AReturnLineTellsHowItEnded(string rest, string error)
    {
        var line = Parse($"2026-11-23 04:34:18.617140 connection=1 {rest}");

        Assert.Equal((LineKind.Return, 3, error), (line.Kind, line.Id, line.Error.ToString()));
    }

    [Theory]
    [InlineData("export=\"\"")]
    [InlineData("export=plain")]
    [InlineData("export=\"my \\\"exp size=0x1\"")]
    [InlineData("export=\"two\nlines\"")]
    [InlineData("export=\"ends with \\\\\"")]
    public void AConnectLineTellsTheSizeWhateverTheExportIsCalled(string export)
    {
        var line = Parse($"2026-11-23 04:34:18.616301 connection=2 Connect {export} tls=0 size=0x100000 minsize=0x0 write=1");

        Assert.Equal((LineKind.Connect, 0x100000), (line.Kind, line.Size));
    }

    [Fact]
    public void ANameThatDoesNotEndMakesTheLineGoOn()
        => Assert.Equal(ParseResult.Open, Result("2026-11-23 04:34:18.616301 connection=2 Connect export=\"two"));

    [Theory]
    [InlineData("Ready thread_model=3", "Start")]
    [InlineData("Fork", "Other")]
    [InlineData("Preconnect id=1 readonly=0 ...", "Other")]
    [InlineData("...Preconnect id=1 return=0", "Other")]
    [InlineData("connection=2 Disconnect transactions=9", "Disconnect")]
    public void OtherLinesAreKnown(string rest, string kind)
        => Assert.Equal(kind, Parse($"2026-11-23 04:34:18.556816 {rest}").Kind.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("2026-11-23 04:34:18.61714")]
    [InlineData("2026-13-23 04:34:18.617140 Ready")]
    [InlineData("2026-02-30 04:34:18.617140 Ready")]
    [InlineData("2026-11-23 24:34:18.617140 Ready")]
    [InlineData("2026-11-23T04:34:18.617140 Ready")]
    [InlineData("2026-11-23 04:34:18.61714x Ready")]
    [InlineData("2026-11-23 04:34:18.617140Ready")]
    public void AnythingElseIsUnreadable(string text) => Assert.Equal(ParseResult.Unreadable, Result(text));

    [Fact]
    public void NumbersThatNoDiskHasCountAsNothing()
    {
        var line = Parse("2026-11-23 04:34:18.617140 connection=1 Read id=1 offset=0xffffffffffffffff count=0x12345678901234567 ...");

        Assert.Equal((0, 0), (line.Offset, line.Count));
    }

    private LogLine Parse(string text)
    {
        Assert.Equal(ParseResult.Line, _parser.Parse(Encoding.UTF8.GetBytes(text), out var line));
        return line;
    }

    private ParseResult Result(string text) => _parser.Parse(Encoding.UTF8.GetBytes(text), out _);
}
