namespace SharpNbd.Plugins.Tests;

public sealed class VirtualLayoutTests
{
    [Fact]
    public void EveryByteIsFoundInItsRegion()
    {
        var builder = new LayoutBuilder();
        builder.AddBytes(new byte[] { 1, 2, 3 });
        builder.AddZeroes(5);
        builder.AddFile(7, 100, 4);
        builder.AddBytes(new byte[] { 4 });
        var layout = builder.Build();

        Region[] expected =
        [
            new(0, 3, RegionKind.Bytes, 0, 0),
            new(3, 5, RegionKind.Zeroes, VirtualLayout.Entry.Zeroes, 0),
            new(8, 4, RegionKind.File, 7, 100),
            new(12, 1, RegionKind.Bytes, 1, 0),
        ];
        Assert.Equal(expected, Enumerable.Range(0, layout.Count).Select(index => layout[index]));
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3], Enumerable.Range(0, (int)layout.Size).Select(offset => layout.IndexOf(offset)));
        var last = new byte[1];
        layout.Fill(layout[3], 0, last);
        Assert.Equal([4], last);
    }

    [Fact]
    public void WhatIsEmptyTakesNoRegionAndNeighbouringZeroesTakeOne()
    {
        var builder = new LayoutBuilder();
        builder.AddBytes(Array.Empty<byte>());
        builder.AddFile(0, 0, 0);
        builder.AddZeroes(10);
        builder.AlignTo(16);
        builder.AlignTo(16);
        builder.FillTo(20);
        var layout = builder.Build();

        Assert.Equal(1, layout.Count);
        Assert.Equal(20, layout.Size);
    }

    [Fact]
    public void TheLayoutCannotGoBack()
    {
        var builder = new LayoutBuilder();
        builder.AddZeroes(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.FillTo(9));
    }
}
