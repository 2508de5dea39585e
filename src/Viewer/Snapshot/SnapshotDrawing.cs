namespace SharpNbd.Viewer;

/// <summary>Draws disks side by side, each block as a square of whole pixels.</summary>
internal static class SnapshotDrawing
{
    /// <summary>The least width of a disk; small pictures are scaled up by a whole factor.</summary>
    private const int LeastWidth = 512;

    private const int Margin = 16;

    private static readonly Rgb Paper = new(0xF7, 0xF8, 0xFA);

    public static PixelImage Draw(IReadOnlyList<DiskPicture> disks, long now)
    {
        var layouts = disks.Select(disk => disk.Layout!).ToArray();
        var scales = layouts.Select(layout => Math.Max(1, (LeastWidth + layout.Width - 1) / layout.Width)).ToArray();
        var width = layouts.Zip(scales, (layout, scale) => (layout.Width * scale) + Margin).Sum() + Margin;
        var height = layouts.Zip(scales, (layout, scale) => layout.Height * scale).Max() + (2 * Margin);
        var image = new PixelImage(width, height);
        image.Fill(0, 0, width, height, Paper);

        var left = Margin;
        for (var index = 0; index < disks.Count; index++)
        {
            DrawDisk(image, disks[index], left, scales[index], now);
            left += (layouts[index].Width * scales[index]) + Margin;
        }

        return image;
    }

    private static void DrawDisk(PixelImage image, DiskPicture disk, int left, int scale, long now)
    {
        var width = disk.Layout!.Width;
        for (var index = 0; index < disk.Cells.Length; index++)
        {
            var (x, y) = (left + (index % width * scale), Margin + (index / width * scale));
            image.Fill(x, y, x + scale, y + scale, Palette.Of(disk.Cells[index], now));
        }
    }
}
