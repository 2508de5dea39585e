namespace SharpNbd.Viewer;

/// <summary>A picture in memory.</summary>
internal sealed class PixelImage(int width, int height)
{
    private readonly Rgb[] _pixels = new Rgb[width * height];

    public int Width => width;

    public int Height => height;

    public Rgb this[int x, int y] => _pixels[(y * width) + x];

    public void Fill(int left, int top, int right, int bottom, Rgb colour)
    {
        for (var y = top; y < bottom; y++)
        {
            _pixels.AsSpan((y * width) + left, right - left).Fill(colour);
        }
    }
}
