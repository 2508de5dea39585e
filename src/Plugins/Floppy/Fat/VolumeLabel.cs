using System.Text;

namespace SharpNbd.Plugins;

/// <summary>The name of a volume (FAT specification, "Boot Sector and BPB", BS_VolLab).</summary>
internal static class VolumeLabel
{
    private const string Forbidden = "\"*+,./:;<=>?[\\]|";

    /// <summary>What stands in the boot sector of a volume without a name.</summary>
    private const string None = "NO NAME    ";

    /// <summary>Refuses what cannot be a label.</summary>
    /// <exception cref="FormatException">It is too long or holds something else than the characters that are allowed.</exception>
    public static void Check(string text)
    {
        if (text.Length > ShortName.Length || text.StartsWith(' ') || !Ascii.IsValid(text) || text.Any(c => char.IsControl(c) || Forbidden.Contains(c, StringComparison.Ordinal)))
        {
            throw new FormatException($"a label is at most {ShortName.Length} ASCII characters, not a blank first, and none of {Forbidden}");
        }
    }

    /// <summary>The 11 characters of the root directory's entry, or null when the label is empty and there is none.</summary>
    public static string? InRoot(string text) => string.IsNullOrWhiteSpace(text) ? null : text.PadRight(ShortName.Length);

    /// <summary>The 11 characters in the boot sector.</summary>
    public static string InBootSector(string text) => InRoot(text) ?? None;
}
