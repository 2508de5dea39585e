using System.Text;

namespace SharpNbd.Plugins;

/// <summary>Reads a string with the escapes of C.</summary>
/// <param name="text">Where it stands, at the opening quote.</param>
internal sealed class DataStringReader(DataText text)
{
    private readonly List<byte> _bytes = [];

    /// <summary>The string's bytes; goes behind the closing quote.</summary>
    /// <exception cref="DataException">It has no end, or an escape is wrong.</exception>
    public byte[] Read()
    {
        var opening = text.Place;
        text.Position++;
        while (text.Next != '"')
        {
            if (text.IsEnd)
            {
                throw new DataException(opening, "this string has no \" at its end");
            }

            if (text.Next == '\\')
            {
                ReadEscape();
            }
            else
            {
                _bytes.AddRange(Encoding.UTF8.GetBytes(text.TakeWhile(c => c is not ('"' or '\\'))));
            }
        }

        text.Position++;
        return [.. _bytes];
    }

    private void ReadEscape()
    {
        var place = text.Place;
        text.Position++;
        switch (text.Next)
        {
            case 'x':
                text.Position++;
                ReadHexadecimal(place);
                break;
            case >= '0' and <= '7':
                ReadOctal(place);
                break;
            case 'u':
                throw new DataException(place, "write the character itself instead of \\u");
            case var _ when !text.IsEnd:
                ReadOther(text.Next);
                break;
        }
    }

    private void ReadHexadecimal(DataPlace place)
    {
        if (!char.IsAsciiHexDigit(text.Next) || !char.IsAsciiHexDigit(text.Peek(1)))
        {
            throw new DataException(place, "\\x is followed by exactly two hexadecimal digits");
        }

        var start = text.Position;
        text.Position += 2;
        _bytes.Add(Convert.ToByte(text.Since(start), 16));
    }

    private void ReadOctal(DataPlace place)
    {
        var number = 0;
        for (var i = 0; i < 3 && text.Next is >= '0' and <= '7'; i++)
        {
            number = (number * 8) + (text.Next - '0');
            text.Position++;
        }

        _bytes.Add(number <= byte.MaxValue ? (byte)number : throw new DataException(place, "an octal byte is \\0 to \\377"));
    }

    /// <summary>A letter with a meaning, or any other character, which then stands for itself.</summary>
    private void ReadOther(char escape)
    {
        const string letters = "abfnrtv";
        const string meanings = "\a\b\f\n\r\t\v";
        if (letters.IndexOf(escape, StringComparison.Ordinal) is var index and >= 0)
        {
            _bytes.Add((byte)meanings[index]);
            text.Position++;
            return;
        }

        var start = text.Position;
        text.Position += char.IsHighSurrogate(escape) ? 2 : 1;
        _bytes.AddRange(Encoding.UTF8.GetBytes(text.Since(start)));
    }
}
