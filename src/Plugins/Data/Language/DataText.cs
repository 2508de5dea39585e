namespace SharpNbd.Plugins;

/// <summary>Reads the smallest things of the language: blanks, numbers, names.</summary>
/// <param name="text">The text.</param>
/// <param name="variable">The variable whose text it is, or null for the data itself.</param>
internal sealed class DataText(string text, string? variable)
{
    private const string Units = "bkmgtpe";

    /// <summary>The characters that are behind us.</summary>
    public int Position { get; set; }

    /// <summary>Where we are.</summary>
    public DataPlace Place => new(variable, Position);

    public bool IsEnd => Position >= text.Length;

    /// <summary>The next character, NUL at the end.</summary>
    public char Next => Peek(0);

    /// <summary>A character further on, NUL behind the end.</summary>
    public char Peek(int ahead) => Position + ahead < text.Length ? text[Position + ahead] : '\0';

    /// <summary>The text from an earlier position up to here.</summary>
    public string Since(int start) => text[start..Position];

    /// <summary>Goes over a text if it is what comes next.</summary>
    public bool Take(string expected)
    {
        if (string.CompareOrdinal(text, Position, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>Goes over blanks and comments.</summary>
    public void SkipBlanks()
    {
        while (!IsEnd && (char.IsWhiteSpace(Next) || Next == '#'))
        {
            Position = Next != '#' ? Position + 1
                : text.IndexOf('\n', Position) is var end and >= 0 ? end
                : text.Length;
        }
    }

    /// <summary>Goes over characters of a kind and returns them.</summary>
    public string TakeWhile(Func<char, bool> isWanted)
    {
        var start = Position;
        while (!IsEnd && isWanted(Next))
        {
            Position++;
        }

        return Since(start);
    }

    /// <summary>
    /// A number as in C: decimal, hexadecimal behind 0x, octal behind 0. As long as the digits go: <c>08</c> is the number 0 with an
    /// 8 behind it.
    /// </summary>
    /// <param name="meaning">What the number is, for the message if there is none.</param>
    /// <exception cref="DataException">There is no number.</exception>
    public UInt128 TakeNumber(string meaning)
    {
        var isHexadecimal = Next == '0' && Peek(1) is 'x' or 'X';
        var radix = isHexadecimal ? 16u : Next == '0' ? 8u : 10u;
        var start = Position + (isHexadecimal ? 2 : 0);
        Position = start;
        UInt128 number = 0;
        for (; char.IsAsciiHexDigit(Next) && Convert.ToUInt32(Next.ToString(), 16) is var digit && digit < radix; Position++)
        {
            // Far beyond every range there is, and far from overflowing.
            number = UInt128.Min((number * radix) + digit, UInt128.One << 100);
        }

        return Position > start ? number : throw new DataException(Place, $"{meaning} is needed here, decimal, 0x and hexadecimal, or 0 and octal");
    }

    /// <summary>A number of bytes or of times, up to 2^63-1; it may have a suffix such as K.</summary>
    /// <inheritdoc cref="TakeNumber"/>
    public long TakeSize(string meaning)
    {
        var place = Place;
        var number = TakeNumber(meaning);
        var suffix = char.ToLowerInvariant(Next);
        if ((Units.Contains(suffix) || suffix == 's') && !char.IsLetterOrDigit(Peek(1)))
        {
            number *= suffix == 's' ? 512 : UInt128.One << (10 * Units.IndexOf(suffix));
            Position++;
        }

        return number <= long.MaxValue ? (long)number : throw new DataException(place, $"{meaning} is at most 2^63-1");
    }
}
