using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

public sealed class BlockExtentsTests
{
    private const ExtentFlags Hole = ExtentFlags.Hole | ExtentFlags.Zero;

    [Fact]
    public void WholeBlocksStayAsTheyAre()
        => Assert.Equal(
            [new Extent(512, 512, ExtentFlags.Data), new(1024, 4096, Hole)],
            Round(new ByteRange(512, 4608), (512, ExtentFlags.Data), (4096, Hole)));

    [Fact]
    public void ABlockWhosePartsDifferHasWhatAllOfThemHave()
        => Assert.Equal(
            [new Extent(0, 512, Hole), new(512, 512, ExtentFlags.Zero), new(1024, 512, Hole), new(1536, 512, ExtentFlags.Data), new(2048, 512, Hole)],
            Round(new ByteRange(0, 2560), (600, Hole), (100, ExtentFlags.Zero), (1000, Hole), (10, ExtentFlags.Data), (850, Hole)));

    [Fact]
    public void WhatReachesIntoABlockOnlyIsLeftForTheNextRequest()
        => Assert.Equal([new Extent(0, 512, Hole)], Round(new ByteRange(0, 2048), (612, Hole), (10, ExtentFlags.Data)));

    [Fact]
    public void LessThanABlockIsABlockOfData()
        => Assert.Equal([new Extent(1024, 512, ExtentFlags.Data)], Round(new ByteRange(1024, 512), (100, Hole)));

    [Fact]
    public void TheLastBlockEndsWithTheDisk()
        => Assert.Equal(
            [new Extent(9728, 272, ExtentFlags.Zero)], Round(new ByteRange(9728, 272), (200, Hole), (72, ExtentFlags.Zero)));

    private static Extent[] Round(ByteRange range, params (long Length, ExtentFlags Flags)[] found)
    {
        var extents = new ExtentList(range);
        foreach (var (length, flags) in found)
        {
            extents.Add(extents.Next, length, flags);
        }

        var rounded = new ExtentList(range);
        BlockExtents.Round(extents, 512, 10_000, rounded);
        return rounded.Extents.ToArray();
    }
}
