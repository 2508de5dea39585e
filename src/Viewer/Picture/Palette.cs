namespace SharpNbd.Viewer;

/// <summary>
/// The colours of the picture, here and nowhere else: the page is told them. They are the same in both themes, on a light ground,
/// and differ in lightness too, for those who see colours differently.
/// </summary>
internal static class Palette
{
    /// <summary>How long the flash of a read takes to fade.</summary>
    public const long FadeMicroseconds = 700_000;

    private static readonly Rgb[] Colours =
    [
        new(0xDF, 0xE4, 0xEA), // untouched
        new(0xD9, 0x2D, 0x20), // written
        new(0xFF, 0xFF, 0xFF), // zeroed
        new(0xC9, 0xB8, 0xF2), // trimmed
        new(0xFF, 0xB0, 0x00), // failed
        new(0x00, 0x00, 0x00), // reading
        new(0xFF, 0x5A, 0x4A), // writing
        new(0xF3, 0xF7, 0xFF), // zeroing
        new(0xA9, 0x8C, 0xEE), // trimming
    ];

    public static Rgb Of(Look look) => Colours[(int)look];

    /// <summary>The colour of a cell at a moment.</summary>
    public static Rgb Of(in Cell cell, long now)
    {
        var colour = Of(cell.Look);
        if (!cell.IsFlashing)
        {
            return colour;
        }

        var age = Math.Clamp((now - cell.Time) / (double)FadeMicroseconds, 0, 1);
        return Of(Look.Reading).Mix(colour, age);
    }
}
