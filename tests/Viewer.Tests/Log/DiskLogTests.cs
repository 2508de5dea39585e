using SharpNbd.TestKit;

namespace SharpNbd.Viewer.Tests;

/// <summary>Following a file that others write.</summary>
public sealed class DiskLogTests : IDisposable
{
    private const long Size = 1 << 20;

    private readonly TemporaryDirectory _directory = new();
    private readonly DiskLog _log;

    public DiskLogTests()
    {
        _log = new DiskLog(_directory["log"], null);
    }

    [Fact]
    public void AFileThatDoesNotExistYetIsWaitedFor()
    {
        Poll();
        Assert.Equal(LogState.Missing, _log.State);

        Write(new LogText().Ready().Connect(Size).Done("Write", 1));
        Poll();

        Assert.Equal((LogState.Following, 1), (_log.State, Writes));
    }

    [Fact]
    public void LinesThatAreAddedShowAndHalfOnesWait()
    {
        var text = new LogText().Ready().Connect(Size).Done("Write", 1).Done("Write", 2, 8192).ToString();
        var half = text.Length - 20;
        Write(text[..half]);
        Poll();
        Assert.Equal((2, 1), (Writes, _log.Head.Picture.InFlightCount));

        File.AppendAllText(_log.Path, text[half..]);
        Poll();

        Assert.Equal((2, 0), (Writes, _log.Head.Picture.InFlightCount));
        Assert.Equal(Look.Written, _log.Head.Picture.Cells[2].Look);
    }

    [Fact]
    public void ATruncatedFileBeginsAnew()
    {
        Write(new LogText().Ready().Connect(Size).Done("Write", 1).Done("Write", 2));
        Poll();

        Write(new LogText().At(5).Ready().Connect(Size).Done("Write", 1, 8192));
        Poll();

        Assert.Equal(1, Writes);
        Assert.Equal(Look.Untouched, _log.Head.Picture.Cells[0].Look);
        Assert.Equal(Look.Written, _log.Head.Picture.Cells[2].Look);
    }

    [Fact]
    public void AFileThatWasTruncatedAndHasGrownBeyondTheOldEndBeginsAnew()
    {
        Write(new LogText().Ready());
        Poll();

        Write(new LogText().At(5).Ready().Connect(2 * Size).Done("Write", 1));
        Poll();

        Assert.Equal((1, 0, 2 * Size), (Writes, _log.Head.Unreadable, _log.Head.Picture.Layout!.Size));
    }

    [Fact]
    public void AnotherFileOfItsNameBeginsAnew()
    {
        Write(new LogText().Ready().Connect(Size).Done("Write", 1));
        Poll();

        File.WriteAllText(_directory["new"], new LogText().At(9).Ready().Connect(Size).Done("Read", 1).ToString());
        File.Move(_directory["new"], _log.Path, overwrite: true);
        Poll();

        Assert.Equal((0, 1), (Writes, _log.Head.Picture[Operation.Read].Requests));
    }

    [Fact]
    public void WhatWasSeenStaysWhenTheFileGoesAway()
    {
        Write(new LogText().Ready().Connect(Size).Done("Write", 1));
        Poll();

        File.Delete(_log.Path);
        Poll();

        Assert.Equal((LogState.Missing, 1), (_log.State, Writes));
    }

    [Fact]
    public void ALargerDiskThatComesLaterIsShownWhole()
    {
        Write(new LogText().Ready().Connect(Size).Done("Write", 1).Connect(4 * Size, 2).Call("Write", 1, 3 * Size, connection: 2));
        Poll();

        Assert.Equal(4 * Size, _log.Head.Picture.Layout!.Size);
        Assert.Equal((2, Look.Written), (Writes, _log.Head.Picture.Cells[0].Look));
    }

    [Fact]
    public void ADirectoryIsNotALog()
    {
        Directory.CreateDirectory(_log.Path);
        Poll();

        Assert.Equal(LogState.Unreadable, _log.State);
        Assert.NotEqual("", _log.Problem);
    }

    [Fact]
    public void ALineBreakInTheNameOfAnExportForgesNoLine()
    {
        var forged = new LogText().Done("Write", 9).ToString();
        Write(new LogText().Ready() + new LogText().Line($"connection=1 Connect export=\"x\n{forged}\" tls=0 size=0x{Size:x}").ToString());
        Poll();

        Assert.Equal((0, Size, 0), (Writes, _log.Head.Picture.Layout!.Size, _log.Head.Unreadable));
    }

    [Fact]
    public void AQuoteThatNeverEndsHidesNothingButItsLine()
    {
        var rest = string.Concat(Enumerable.Range(1, 300).Select(id => new LogText().Done("Write", id).ToString()));
        Write(new LogText().Ready().Connect(Size) + new LogText().Line("connection=2 Connect export=\"x").ToString() + rest);
        Poll();

        Assert.Equal((300, 1), (Writes, _log.Head.Unreadable));
    }

    [Fact]
    public void AListOfExtentsOfAnyLengthEndsItsRequest()
    {
        var list = string.Join(' ', Enumerable.Range(0, 200_000).Select(number => $"0x{number:x} 0x1000 \"\""));
        Write(new LogText().Ready().Connect(Size).Call("Extents", 1).Line($"connection=1 ...Extents id=1 extents=({list}) return=0").Done("Write", 2));
        Poll();

        Assert.Equal((1, 0, 0), (Writes, _log.Head.Picture.InFlightCount, _log.Head.Unreadable));
    }

    public void Dispose() => _directory.Dispose();

    private long Writes => _log.Head.Picture[Operation.Write].Requests;

    private void Write(object text) => File.WriteAllText(_log.Path, text.ToString());

    private void Poll()
    {
        while (_log.Poll())
        {
        }
    }
}
