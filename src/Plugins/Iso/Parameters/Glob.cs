namespace SharpNbd.Plugins;

/// <summary>A pattern of the shell: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c>, <c>\</c> before a character that stands for itself.</summary>
internal sealed class Glob
{
    private readonly string _pattern;

    public Glob(string pattern) => _pattern = pattern.Length > 1 ? pattern.TrimEnd('/') : pattern;

    /// <summary>Whether it matches a file's name alone, or where it lies on the disk.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The whole path.</param>
    public bool Matches(string name, string path) => IsMatch(_pattern, name) || (_pattern.Contains('/', StringComparison.Ordinal) && IsMatch(_pattern, path));

    /// <summary>Whether a pattern matches all of a text. Goes back to the last star only, so that no pattern takes long.</summary>
    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (next, at, starNext, starAt) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == '*')
            {
                (starNext, starAt) = (++next, at);
            }
            else if (next < pattern.Length && MatchOne(pattern[next..], text[at]) is > 0 and var length)
            {
                (next, at) = (next + length, at + 1);
            }
            else if (starNext >= 0)
            {
                (next, at) = (starNext, ++starAt);
            }
            else
            {
                return false;
            }
        }

        return pattern[next..].Trim('*').IsEmpty;
    }

    /// <summary>How many characters of the pattern match this one; 0 when it does not match.</summary>
    private static int MatchOne(ReadOnlySpan<char> pattern, char c)
    {
        switch (pattern[0])
        {
            case '?':
                return 1;
            case '\\' when pattern.Length > 1:
                return pattern[1] == c ? 2 : 0;
            case '[' when pattern.Length > 2 && pattern[2..].IndexOf(']') is >= 0 and var end:
                var set = pattern[1..(end + 2)];
                var isNegated = set[0] is '!' or '^';
                return IsInSet(set[(isNegated ? 1 : 0)..], c) != isNegated ? end + 3 : 0;
            default:
                return pattern[0] == c ? 1 : 0;
        }
    }

    private static bool IsInSet(ReadOnlySpan<char> set, char c)
    {
        while (!set.IsEmpty)
        {
            var isRange = set.Length >= 3 && set[1] == '-';
            if (isRange ? c >= set[0] && c <= set[2] : c == set[0])
            {
                return true;
            }

            set = set[(isRange ? 3 : 1)..];
        }

        return false;
    }
}
