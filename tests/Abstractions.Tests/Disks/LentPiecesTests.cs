namespace SharpNbd.Abstractions.Tests;

public sealed class LentPiecesTests
{
    [Fact]
    public void PiecesKeepTheirOrderAndHolesThatMeetAreOne()
    {
        var pieces = new LentPieces();
        pieces.AddHole(10);
        pieces.AddHole(20);
        pieces.Add(new LentMemory(4096, 5));
        pieces.Add(new LentMemory(8192, 6));
        pieces.AddHole(1);

        Assert.Equal([new(0, 30), new(4096, 5), new(8192, 6), new LentMemory(0, 1)], pieces.Pieces.ToArray());
        Assert.Equal((42, 11), (pieces.Length, pieces.LentLength));
    }

    [Fact]
    public void AClearedListIsEmpty()
    {
        var pieces = new LentPieces();
        pieces.AddHole(10);
        pieces.Add(new LentMemory(4096, 5));
        pieces.Clear();

        Assert.Equal((0, 0, 0), (pieces.Pieces.Length, pieces.Length, pieces.LentLength));
    }

    [Fact]
    public void EmptyPiecesAndMemoryWithoutAnAddressAreMistakes()
    {
        var pieces = new LentPieces();
        Assert.Throws<ArgumentOutOfRangeException>(() => pieces.AddHole(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => pieces.Add(new LentMemory(4096, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => pieces.Add(new LentMemory(0, 1)));
    }
}
