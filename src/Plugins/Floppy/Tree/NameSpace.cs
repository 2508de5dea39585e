using System.Buffers;
using System.Globalization;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// The names in one directory. Those of the system are bytes that may hold anything but a slash, and may differ only in case; those on FAT
/// are text that must not, and lack some characters (FAT specification, "FAT Long Directory Entries", "Name Limits and Character Sets").
/// </summary>
/// <param name="isMerging">Whether the directory may be met again, so that it has to be remembered what was found in it.</param>
internal sealed class NameSpace(bool isMerging)
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017"
        + "\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f\"*/:<>?\\|\ufffd\uffff");

    // Latin-1 maps every byte to a character of its own, which makes names of bytes keys that can be compared.
    private readonly Dictionary<string, FloppyNode> _originals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _chosen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was added under this name of the system's.</summary>
    public FloppyNode? FindOriginal(ReadOnlySpan<byte> name) => isMerging ? _originals.GetValueOrDefault(Encoding.Latin1.GetString(name)) : null;

    public void Add(ReadOnlySpan<byte> name, FloppyNode node)
    {
        if (isMerging)
        {
            _originals.Add(Encoding.Latin1.GetString(name), node);
        }
    }

    /// <summary>The name itself where FAT allows it and no other one is alike, else one that resembles it. It is taken from here on.</summary>
    /// <param name="name">The name in the system's bytes.</param>
    /// <param name="isChanged">Whether it is another one.</param>
    public string Choose(ReadOnlySpan<byte> name, out bool isChanged)
    {
        // Bytes that are no UTF-8 become a character that is not allowed.
        var text = Encoding.UTF8.GetString(name);
        var allowed = Allowed(text);
        if (_chosen.Add(allowed))
        {
            isChanged = allowed != text;
            return allowed;
        }

        isChanged = true;
        var dot = allowed.LastIndexOf('.');
        var (stem, extension) = dot > 0 ? (allowed[..dot], allowed[dot..]) : (allowed, "");
        for (var number = 2; ; number++)
        {
            var tail = string.Create(CultureInfo.InvariantCulture, $"~{number}{extension}");
            var changed = stem[..Math.Min(stem.Length, LongNameEntry.LongestName - tail.Length)] + tail;
            if (_chosen.Add(changed))
            {
                return changed;
            }
        }
    }

    private static string Allowed(string name)
    {
        // Blanks and dots at the end do not count on FAT: other systems would not find the name again.
        var last = name[^1] is '.' or ' ';
        if (!last && !name.AsSpan().ContainsAny(Forbidden))
        {
            return name;
        }

        var characters = name.ToCharArray();
        for (var index = 0; index < characters.Length; index++)
        {
            if (Forbidden.Contains(characters[index]) || (last && index == characters.Length - 1))
            {
                characters[index] = '_';
            }
        }

        return new string(characters);
    }
}
