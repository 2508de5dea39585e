using System.Globalization;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>Names for the Joliet tree: UTF-16, big endian (Joliet, "Identifiers"). Used for one directory.</summary>
internal sealed class JolietNames(IsoSettings settings)
{
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<string, int> _nextNumber = [];

    /// <summary>The name for a file or directory, as it is recorded.</summary>
    public byte[] NameFor(IsoNode node)
    {
        var text = Translate(settings.NameEncoding.GetString(node.Name));
        var name = Cut(text, settings.JolietNameLength);
        if (!_used.Add(name))
        {
            name = Numbered(text);
        }

        // Without a version number, as all who make Joliet do today.
        return Encoding.BigEndianUnicode.GetBytes(name);
    }

    // Joliet, "Allowed characters": all but controls and these six.
    private static string Translate(string text)
        => string.Concat(text.Select(c => char.IsControl(c) || c is '*' or '/' or ':' or ';' or '?' or '\\' ? '_' : c));

    private string Numbered(string text)
    {
        var dot = text.LastIndexOf('.');
        var extension = dot > 0 && text.Length - dot <= 8 ? text[dot..] : "";
        var stem = text[..^extension.Length];
        var key = Cut(text, settings.JolietNameLength);
        var number = _nextNumber.GetValueOrDefault(key);
        string name;
        do
        {
            var digits = number++.ToString("000", CultureInfo.InvariantCulture);
            name = Cut(stem, settings.JolietNameLength - extension.Length - digits.Length) + digits + extension;
        }
        while (!_used.Add(name));

        _nextNumber[key] = number;
        return name;
    }

    /// <summary>The start of a text, never half of a character that takes two units.</summary>
    private static string Cut(string text, int length)
        => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
