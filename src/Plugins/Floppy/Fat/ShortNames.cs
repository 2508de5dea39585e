using System.Buffers;
using System.Globalization;

namespace SharpNbd.Plugins;

/// <summary>
/// Gives the files of a directory their short names. What programs of old see of a long name begins like it and ends in a number, such as
/// <c>LONGNA~1.TXT</c> (FAT specification, "FAT Long Directory Entries", "The Basis-Name Generation Algorithm" and "The Numeric-Tail Generation
/// Algorithm").
/// </summary>
internal sealed class ShortNames
{
    private const int MostTailDigits = 6;

    // "FAT Directory Structure", DIR_Name: what a short name may hold. Characters beyond ASCII depend on a code page and are left out.
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$%'-_@~`!(){}^#&");

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // How far the numbers behind a beginning have been used up. The beginning decides how many digits they have.
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Gives all names of one directory; the long ones differ even without regard to case.</summary>
    public static void Assign(List<FloppyNode> nodes)
    {
        var names = new ShortNames();
        var others = new List<FloppyNode>();

        // First those that are a short name themselves, so that nothing else can be found under it.
        foreach (var node in nodes)
        {
            var (stem, extension) = Split(node.Name);
            if (IsShort(node.Name, stem, extension))
            {
                node.ShortName = names.Take(stem.ToUpperInvariant(), extension.ToUpperInvariant());
            }
            else
            {
                others.Add(node);
            }
        }

        foreach (var node in others)
        {
            var (stem, extension) = Split(node.Name);
            node.ShortName = names.WithNumber(Basis(stem, ShortName.BaseLength), Basis(extension, ShortName.ExtensionLength));
        }
    }

    private static (string Stem, string Extension) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot > 0 ? (name[..dot], name[(dot + 1)..]) : (name, "");
    }

    private static bool IsShort(string name, string stem, string extension)
        => stem.Length is > 0 and <= ShortName.BaseLength && extension.Length <= ShortName.ExtensionLength
            && !stem.ToUpperInvariant().AsSpan().ContainsAnyExcept(Allowed) && !extension.ToUpperInvariant().AsSpan().ContainsAnyExcept(Allowed)
            && !name.EndsWith('.') && System.Text.Ascii.IsValid(name);

    /// <summary>What can stand in a short name of a part of a long one: capitals, without blanks and dots, _ for what is not allowed.</summary>
    private static string Basis(string part, int most)
    {
        Span<char> basis = stackalloc char[most];
        var length = 0;
        foreach (var c in part)
        {
            if (length < most && c is not (' ' or '.'))
            {
                var capital = char.IsAscii(c) ? char.ToUpperInvariant(c) : '_';
                basis[length++] = Allowed.Contains(capital) ? capital : '_';
            }
        }

        return new string(basis[..length]);
    }

    private ShortName Take(string stem, string extension)
    {
        _taken.Add($"{stem}.{extension}");
        return ShortName.Of(stem, extension);
    }

    private ShortName WithNumber(string basis, string extension)
    {
        var end = 10;
        for (var digits = 1; digits <= MostTailDigits; digits++, end *= 10)
        {
            var start = basis[..Math.Min(basis.Length, ShortName.BaseLength - 1 - digits)];
            var key = string.Create(CultureInfo.InvariantCulture, $"{start}.{extension}.{digits}");
            var number = _numbers.GetValueOrDefault(key, end / 10);
            while (number < end)
            {
                var stem = string.Create(CultureInfo.InvariantCulture, $"{start}~{number++}");
                if (_taken.Add($"{stem}.{extension}"))
                {
                    _numbers[key] = number;
                    return ShortName.Of(stem, extension);
                }
            }

            _numbers[key] = end;
        }

        // A directory has room for far fewer.
        throw new InvalidOperationException("a directory has used up its short names");
    }
}
