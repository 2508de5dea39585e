namespace SharpNbd.Plugins.Tests;

public sealed class ChunkTableTests
{
    [Theory]
    [InlineData(1L)]
    [InlineData(2047L)]
    [InlineData(2049L)]
    [InlineData((1L << 22) + 1)]
    [InlineData(1L << 33)]
    public void WhatWasAddedIsFoundAndNothingElse(long count)
    {
        var table = new ChunkTable(count);
        long[] indexes = [.. new[] { 0, 1, 2046, 2047, 2048, (1L << 22) - 1, 1L << 22, count / 2, count - 1 }.Where(index => index < count).Distinct().Order()];
        Assert.Equal(count, table.NextInUse(0, count));
        Assert.All(indexes, index => Assert.Equal((nint)index + 1, table.Add(index, (nint)index + 1)));
        Assert.All(indexes, index => Assert.Equal((nint)index + 1, table.Add(index, 99)));
        Assert.All(indexes, index => Assert.Equal((nint)index + 1, table[index]));

        var found = new List<long>();
        for (var index = table.NextInUse(0, count); index < count; index = table.NextInUse(index + 1, count))
        {
            found.Add(index);
        }

        Assert.Equal(indexes, found);
        Assert.All(indexes.Select(index => index + 1).Where(index => index < count).Except(indexes), index => Assert.Equal(0, table[index]));
    }
}
