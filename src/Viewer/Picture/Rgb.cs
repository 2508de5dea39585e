namespace SharpNbd.Viewer;

/// <summary>A colour.</summary>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>This colour at 0, the other one at 1.</summary>
    public Rgb Mix(Rgb other, double share)
    {
        return new Rgb(Between(Red, other.Red), Between(Green, other.Green), Between(Blue, other.Blue));

        byte Between(byte from, byte to) => (byte)Math.Round(from + ((to - from) * share));
    }
}
