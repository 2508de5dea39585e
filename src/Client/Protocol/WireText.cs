using System.Text;

namespace SharpNbd.Client;

/// <summary>Text of a server, which is not trusted to be text.</summary>
internal static class WireText
{
    /// <summary>The longest string of the protocol ("Strings").</summary>
    public const int LongestString = 4096;

    private const int LongestShown = 300;

    /// <summary>The text of some bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>As much of a text as fits one line of a message.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes) => Printable(Decode(bytes[..Math.Min(bytes.Length, LongestString)]));

    /// <summary>As much of a text as fits one line of a message.</summary>
    public static string Printable(string text)
        => string.Concat(text.Take(LongestShown).Select(letter => char.IsControl(letter) ? '?' : letter));
}
