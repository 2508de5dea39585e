namespace SharpNbd.Viewer.Tests;

public sealed class LayoutTests
{
    [Theory]
    [InlineData(64L << 20, 4096, 128, 128)]
    [InlineData(256L << 20, 4096, 256, 256)]
    [InlineData(1L << 40, 16 << 20, 256, 256)]
    [InlineData(1, 4096, 1, 1)]
    [InlineData(100L << 20, 4096, 128, 200)]
    [InlineData(long.MaxValue, 1L << 47, 256, 256)]
    public void TheBlockGrowsWithTheDiskAndThePictureDoesNot(long size, long block, int width, int height)
    {
        var layout = Layout.For(size);

        Assert.Equal((block, width, height), (layout.BlockSize, layout.Width, layout.Height));
        Assert.Equal((layout.Cells - 1, layout.Cells), layout.Touched(size - 1, 1));
    }

    [Theory]
    [InlineData(0, 1, 0, 1)]
    [InlineData(4095, 2, 0, 2)]
    [InlineData(8192, 4096, 2, 3)]
    [InlineData(0, long.MaxValue, 0, 4)]
    [InlineData(16384, 1, 0, 0)]
    [InlineData(0, 0, 0, 0)]
    public void ARequestTouchesTheBlocksThatItOverlaps(long offset, long count, int start, int end)
        => Assert.Equal((start, end), Layout.For(4 * 4096).Touched(offset, count));
}
