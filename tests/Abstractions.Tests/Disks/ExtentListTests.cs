namespace SharpNbd.Abstractions.Tests;

/// <summary>How extents are collected.</summary>
public sealed class ExtentListTests
{
    [Fact]
    public void NeighboursOfOneKindBecomeOne()
    {
        var list = new ExtentList(new ByteRange(0, 100));
        list.Add(0, 10, ExtentFlags.Data);
        list.Add(10, 10, ExtentFlags.Data);
        list.Add(20, 80, ExtentFlags.Hole);

        Assert.Equal([new Extent(0, 20, ExtentFlags.Data), new Extent(20, 80, ExtentFlags.Hole)], list.Extents.ToArray());
    }

    [Fact]
    public void WhatLiesBeforeTheRangeIsCutOffAndWhatOverlapsCountsOnce()
    {
        var list = new ExtentList(new ByteRange(50, 100));
        list.Add(0, 20, ExtentFlags.Hole);
        list.Add(20, 40, ExtentFlags.Data);
        list.Add(55, 45, ExtentFlags.Zero);

        Assert.Equal([new Extent(50, 10, ExtentFlags.Data), new Extent(60, 40, ExtentFlags.Zero)], list.Extents.ToArray());
    }

    [Fact]
    public void TheLastOneMayReachBeyondTheRange()
    {
        var list = new ExtentList(new ByteRange(0, 100));
        list.Add(0, 1000, ExtentFlags.Data);

        Assert.True(list.IsComplete);
        Assert.Equal(1000, list.Next);
    }

    [Fact]
    public void AGapIsAMistake()
    {
        var list = new ExtentList(new ByteRange(0, 100));
        list.Add(0, 10, ExtentFlags.Data);

        Assert.Throws<ArgumentException>(() => list.Add(11, 10, ExtentFlags.Data));
    }

    [Fact]
    public void WhateverIsAddedToACompleteListIsDropped()
    {
        var list = new ExtentList(new ByteRange(0, 100));
        list.Add(0, 100, ExtentFlags.Data);
        list.Add(100, 100, ExtentFlags.Hole);
        list.Add(200, 100, ExtentFlags.Data);

        Assert.Equal([new Extent(0, 100, ExtentFlags.Data)], list.Extents.ToArray());
    }

    [Fact]
    public void AListForOneExtentIsCompleteWhenTheSecondBegins()
    {
        var list = new ExtentList(new ByteRange(0, 100), firstOnly: true);
        list.Add(0, 10, ExtentFlags.Data);
        Assert.False(list.IsComplete);
        list.Add(10, 10, ExtentFlags.Hole);
        Assert.True(list.IsComplete);
        list.Add(20, 10, ExtentFlags.Data);
        list.Add(30, 10, ExtentFlags.Hole);

        Assert.Equal(new Extent(0, 10, ExtentFlags.Data), list.Extents[0]);
    }

    [Fact]
    public void NoMoreThanAReplyTakesAreKept()
    {
        var list = new ExtentList(new ByteRange(0, 1 << 20));
        for (var i = 0; i < 1 << 20; i++)
        {
            list.Add(i, 1, i % 2 == 0 ? ExtentFlags.Data : ExtentFlags.Hole);
        }

        Assert.True(list.IsComplete);
        Assert.Equal(ExtentList.MaximumCount, list.Count);
        Assert.Equal(ExtentList.MaximumCount, list.Next);
    }

    [Fact]
    public void AListIsEmptyForTheNextRequest()
    {
        var list = new ExtentList(new ByteRange(0, 100), firstOnly: true);
        list.Add(0, 100, ExtentFlags.Data);

        list.Reset(new ByteRange(500, 10), firstOnly: false);

        Assert.Equal((0, 500L, false, false), (list.Count, list.Next, list.FirstOnly, list.IsComplete));
    }
}
