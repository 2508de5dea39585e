using System.Text;

namespace SharpNbd.Viewer.Tests;

/// <summary>What lines of the log do to the picture.</summary>
public sealed class DiskPictureTests
{
    private readonly DiskPicture _picture = new(Layout.For(1 << 20));
    private readonly LogLineParser _parser = new();

    [Theory]
    [InlineData("Write", "Writing", "Written")]
    [InlineData("Zero", "Zeroing", "Zeroed")]
    [InlineData("Trim", "Trimming", "Trimmed")]
    [InlineData("Read", "Reading", "Untouched")]
    [InlineData("Cache", "Reading", "Untouched")]
    public void ARequestShowsFromItsCallToItsReturn(string action, string during, string after)
    {
        Apply(new LogText().Call(action, 1, 4096, 8192));
        Assert.Equal(["Untouched", during, during, "Untouched"], Looks(4));

        Apply(new LogText().Call(action, 1).Return(1), skip: 1);
        Assert.Equal(["Untouched", after, after, "Untouched"], Looks(4));
    }

    [Fact]
    public void AFailedRequestShowsUntilOneSucceedsAndChangesNothing()
    {
        Apply(new LogText().Done("Zero", 1).Done("Write", 2, error: "EIO"));
        Assert.Equal("Failed", Looks(1)[0]);

        Apply(new LogText().Done("Read", 3));

        Assert.Equal("Zeroed", Looks(1)[0]);
        Assert.Equal(new Counter(1, 0, 1), _picture[Operation.Write]);
    }

    [Fact]
    public void TwoRequestsOnOneBlockBothHaveToEnd()
    {
        var text = new LogText();
        Apply(text.Call("Read", 1).Call("Read", 2).Return(1));
        Assert.Equal("Reading", Looks(1)[0]);

        Apply(new LogText().Call("Read", 2).Return(2), skip: 1);

        Assert.Equal("Untouched", Looks(1)[0]);
        Assert.True(_picture.Cells[0].IsFlashing);
    }

    [Fact]
    public void CountersKnowRequestsBytesAndErrors()
    {
        Apply(new LogText().Done("Read", 1, count: 512).Done("Read", 2, error: "EIO").Call("Read", 3).Done("Flush", 4));

        Assert.Equal(new Counter(3, 512, 1), _picture[Operation.Read]);
        Assert.Equal(new Counter(1, 0, 0), _picture[Operation.Flush]);
        Assert.Equal(1, _picture.InFlightCount);
    }

    [Fact]
    public void AClientThatLeavesTakesItsRequestsWithIt()
    {
        Apply(new LogText().Call("Write", 1).Call("Write", 1, 4096, connection: 2).Disconnect());

        Assert.Equal(["Untouched", "Writing"], Looks(2));
        Assert.Equal(RequestState.Abandoned, _picture.Requests[1].State);
    }

    [Fact]
    public void AServerThatStartsAgainHasNothingUnderWay()
    {
        Apply(new LogText().Call("Write", 1).Call("Read", 2, 4096).Ready());

        Assert.Equal(["Untouched", "Untouched"], Looks(2));
        Assert.Equal(0, _picture.InFlightCount);
    }

    [Fact]
    public void ARequestBehindTheEndIsCountedAndPaintsNothing()
    {
        Apply(new LogText().Done("Write", 1, 1L << 40));

        Assert.Equal(1, _picture[Operation.Write].Requests);
        Assert.Equal(0u, _picture.Cells[255].Count);
    }

    [Fact]
    public void ALogWithoutReturnsStaysBounded()
    {
        var text = new LogText();
        for (var id = 1; id <= DiskPicture.MaximumInFlight + 1; id++)
        {
            text.Call("Read", id);
        }

        Apply(text);

        Assert.Equal(1, _picture.InFlightCount);
        Assert.Equal(1, _picture.Cells[0].Reads);
    }

    private string[] Looks(int count) => [.. _picture.Cells[..count].ToArray().Select(cell => cell.Look.ToString())];

    private void Apply(LogText text, int skip = 0)
    {
        foreach (var each in text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(skip))
        {
            Assert.Equal(ParseResult.Line, _parser.Parse(Encoding.UTF8.GetBytes(each), out var line));
            _picture.Apply(line);
        }
    }
}
