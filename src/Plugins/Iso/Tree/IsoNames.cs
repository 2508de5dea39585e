using System.Globalization;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// Names for the primary tree (ECMA-119, 7.5 and 7.6): a few capital letters, digits and underscores, different in each
/// directory. Used for one directory.
/// </summary>
internal sealed class IsoNames(IsoSettings settings)
{
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<string, int> _nextNumber = [];

    /// <summary>The name for a file or directory, as it is recorded.</summary>
    public byte[] NameFor(IsoNode node)
    {
        var text = settings.IsUntranslated ? Encoding.Latin1.GetString(node.Name) : settings.NameEncoding.GetString(node.Name);
        var (stem, extension) = Split(text, node.IsDirectory);
        var name = Join(stem, extension, node.IsDirectory);
        if (!_used.Add(name))
        {
            name = Numbered(stem, extension, node.IsDirectory);
        }

        // ECMA-119, 7.5.1: a version number ends the name of each file.
        var isVersioned = !node.IsDirectory && !settings.OmitsVersion && settings.Level < 4;
        return Encoding.Latin1.GetBytes(isVersioned ? $"{name};1" : name);
    }

    private (string Stem, string Extension) Split(string text, bool isDirectory)
    {
        var dot = text.LastIndexOf('.');
        var hasExtension = dot > 0 && (!isDirectory || settings.Level >= 4 || settings.IsUntranslated) && !settings.AllowsManyDots;
        var stem = Translate(hasExtension ? text[..dot] : text, isStart: true);
        var extension = hasExtension ? Translate(text[(dot + 1)..], isStart: false) : "";

        // 8 and 3 at level 1; beyond, what both take together is limited.
        var most = settings.IsoNameLength;
        extension = Cut(extension, most <= 12 ? 3 : (most - 1) / 2);
        return (Cut(stem, most <= 12 ? 8 : most - (extension.Length > 0 ? extension.Length + 1 : NeedsDot(isDirectory) ? 1 : 0)), extension);
    }

    private string Translate(string text, bool isStart)
    {
        if (settings.IsUntranslated)
        {
            return text;
        }

        var result = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var c = rune.IsAscii ? (char)rune.Value : '_';
            c = settings.AllowsLowercase || settings.Level >= 4 ? c : char.ToUpperInvariant(c);
            var isLeading = isStart && result.Length == 0;
            var isAllowed = c != '.' ? IsAllowed(c) : isLeading ? settings.AllowsLeadingDots : settings.AllowsManyDots || settings.Level >= 4;
            result.Append(isAllowed ? c : '_');
        }

        return result.ToString();
    }

    private bool IsAllowed(char c)
        => char.IsAsciiDigit(c) || char.IsAsciiLetter(c) || c == '_'
            || ((settings.AllowsAscii || settings.Level >= 4) && c is > ' ' and < '\x7f' and not ('.' or '/' or ';' or '*' or '?' or '\\' or ':'));

    private bool NeedsDot(bool isDirectory)
        => !isDirectory && !settings.OmitsPeriod && !settings.AllowsManyDots && settings.Level < 4 && !settings.IsUntranslated;

    private string Join(string stem, string extension, bool isDirectory)
        => extension.Length > 0 || NeedsDot(isDirectory) ? $"{stem}.{extension}" : stem;

    /// <summary>A name that is not in use, with a number of at least three digits at the end of its stem.</summary>
    private string Numbered(string stem, string extension, bool isDirectory)
    {
        var room = settings.IsoNameLength <= 12 ? 8 : settings.IsoNameLength - (extension.Length > 0 ? extension.Length + 1 : 1);
        var key = $"{Cut(stem, Math.Max(1, room - 3))}.{extension}";
        var number = _nextNumber.GetValueOrDefault(key);
        string name;
        do
        {
            var digits = number++.ToString("000", CultureInfo.InvariantCulture);
            name = Join(Cut(stem, room - digits.Length) + digits, extension, isDirectory);
        }
        while (!_used.Add(name));

        _nextNumber[key] = number;
        return name;
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..Math.Max(0, length)];
}
