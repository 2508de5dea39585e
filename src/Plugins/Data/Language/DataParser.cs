using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// Reads the language of the data parameter. A sequence is read member by member; what stands behind a member (<c>*</c>, <c>[</c>, <c>-&gt;</c>)
/// changes the last one.
/// </summary>
internal sealed class DataParser
{
    private readonly DataText _text;
    private readonly DataVariables _variables;

    // The variables whose texts we are in.
    private readonly IReadOnlyList<string> _within;
    private int _nesting;

    private DataParser(DataText text, DataVariables variables, IReadOnlyList<string> within, int nesting)
    {
        _text = text;
        _variables = variables;
        _within = within;
        _nesting = nesting;
    }

    /// <summary>Reads the data.</summary>
    /// <exception cref="DataException">It is not in the language.</exception>
    public static DataExpression Parse(string text, DataVariables variables)
        => new DataParser(new DataText(text, variable: null), variables, [], 0).ParseSequence(new DataScope(null), isNested: false);

    private SequenceExpression ParseSequence(DataScope scope, bool isNested)
    {
        var opening = _text.Place;
        if (++_nesting > DataExpression.DeepestNesting)
        {
            throw new DataException(opening, $"the data is nested more than {DataExpression.DeepestNesting} levels deep");
        }

        var items = new List<DataItem>();
        for (_text.SkipBlanks(); !_text.IsEnd && _text.Next != ')'; _text.SkipBlanks())
        {
            ParseItem(items, scope);
        }

        if (_text.IsEnd == isNested)
        {
            throw isNested
                ? new DataException(opening with { Offset = opening.Offset - 1 }, "this '(' has no ')'")
                : new DataException(_text.Place, "this ')' has no '('");
        }

        _nesting--;
        return new SequenceExpression(opening, items);
    }

    private void ParseItem(List<DataItem> items, DataScope scope)
    {
        var place = _text.Place;
        switch (_text.Next)
        {
            case '@':
                items.Add(ParseMove());
                break;
            case '*':
                ReplaceLast(items, "*N", ParseRepeat);
                break;
            case '[':
                ReplaceLast(items, "[N:M]", ParseSlice);
                break;
            case '-' when _text.Peek(1) == '>':
                ReplaceLast(items, "->", expression => Define(expression, scope));
                break;
            default:
                items.Add(new DataItem(place, ParseExpression(scope)));
                break;
        }
    }

    private DataExpression ParseExpression(DataScope scope)
    {
        var place = _text.Place;
        switch (_text.Next)
        {
            case '(':
                _text.Position++;
                var sequence = ParseSequence(new DataScope(scope), isNested: true);
                _text.Position++;
                return sequence;
            case '<':
                return ParseFileOrScript();
            case '"':
                return new BytesExpression(place, new DataStringReader(_text).Read());
            case '\\':
                return ParseName() is var name && scope.Find(name) is { } known ? known
                    : throw new DataException(place, $"\\{name} is not defined here; EXPRESSION -> \\{name} defines it");
            case '$':
                return ParseVariable(scope);
            case >= '0' and <= '9':
                var number = _text.TakeNumber("a byte");
                return number <= byte.MaxValue ? new BytesExpression(place, [(byte)number])
                    : throw new DataException(place, "a byte is 0 to 255; larger numbers are written as words, such as le32:N or be16:N");
            case 'l' or 'b':
                return new BytesExpression(place, ParseWord());
            default:
                throw new DataException(place, $"'{NextCharacter()}' is nothing that the data may hold: bytes, words (le16:N), \"strings\", @OFFSET, <FILE, <(SCRIPT), (...), *N, [N:M], -> \\NAME, \\NAME, $VARIABLE, # comment");
        }
    }

    /// <summary>Puts what is made of the last member in its place.</summary>
    private void ReplaceLast(List<DataItem> items, string what, Func<DataExpression, DataExpression?> change)
    {
        var place = _text.Place;
        if (items is not [.., { Expression: { } last }])
        {
            throw new DataException(place, items.Count == 0 ? $"{what} needs an expression in front of it" : $"{what} cannot stand behind @OFFSET");
        }

        items.RemoveAt(items.Count - 1);
        if (change(last) is { } changed)
        {
            items.Add(new DataItem(place, changed));
        }
    }

    private DataItem ParseMove()
    {
        var place = _text.Place;
        _text.Position++;
        var move = _text.Take("+") ? DataMove.Forward : _text.Take("-") ? DataMove.Back : _text.Take("^") ? DataMove.Align : DataMove.To;
        _text.SkipBlanks();
        var number = _text.TakeSize("an offset");
        return move != DataMove.Align || number > 0 ? new DataItem(place, null, move, number)
            : throw new DataException(place, "an alignment is at least 1");
    }

    private RepeatExpression ParseRepeat(DataExpression inner)
    {
        var place = _text.Place;
        _text.Position++;
        _text.SkipBlanks();
        return new RepeatExpression(place, inner, _text.TakeSize("a number of times"));
    }

    private SliceExpression ParseSlice(DataExpression inner)
    {
        var place = _text.Place;
        _text.Position++;
        var start = ParseBound(':') ?? 0;
        Expect(":", place);
        var end = ParseBound(']');
        Expect("]", place);
        return new SliceExpression(place, inner, start, end);
    }

    private long? ParseBound(char behind)
    {
        _text.SkipBlanks();
        long? bound = _text.Next == behind ? null : _text.TakeSize("a bound of the slice [N:M]");
        _text.SkipBlanks();
        return bound;
    }

    private void Expect(string expected, DataPlace place)
    {
        if (!_text.Take(expected))
        {
            throw new DataException(place, "a slice is [N:M], [:M] or [N:]");
        }
    }

    private DataExpression? Define(DataExpression expression, DataScope scope)
    {
        _text.Position += 2;
        _text.SkipBlanks();
        if (_text.Next != '\\')
        {
            throw new DataException(_text.Place, "-> is followed by \\NAME");
        }

        scope.Define(ParseName(), expression);
        return null;
    }

    private string ParseName()
    {
        var place = _text.Place;
        _text.Position++;
        var name = _text.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_' || (c == '-' && _text.Peek(1) != '>'));
        return name.Length > 0 ? name : throw new DataException(place, "a name is \\ with letters, digits, - and _ behind it");
    }

    private SequenceExpression ParseVariable(DataScope scope)
    {
        var place = _text.Place;
        _text.Position++;
        var name = char.IsAsciiDigit(_text.Next) ? "" : _text.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (name.Length == 0)
        {
            throw new DataException(place, "a variable is $ with a letter or _ and letters, digits and _ behind it");
        }

        if (_within.Contains(name))
        {
            throw new DataException(place, $"${name} contains itself");
        }

        var value = _variables.Find(name)
            ?? throw new DataException(place, $"there is neither a parameter {name}= nor a variable {name} in the environment");
        return new DataParser(new DataText(value, name), _variables, [.. _within, name], _nesting)
            .ParseSequence(new DataScope(scope), isNested: false);
    }

    private DataExpression ParseFileOrScript()
    {
        var place = _text.Place;
        _text.Position++;
        if (_text.Next == '(')
        {
            return new ScriptExpression(place, ParseScript(place));
        }

        var name = _text.TakeWhile(c => !char.IsWhiteSpace(c) && c is not (')' or '*' or '['));
        return name.Length > 0 ? new FileExpression(place, Path.GetFullPath(name))
            : throw new DataException(place, "< is followed at once by the name of a file, or by a script in parentheses");
    }

    /// <summary>Everything up to the parenthesis that belongs to the first one, whatever the shell would make of it.</summary>
    private string ParseScript(DataPlace place)
    {
        var start = _text.Position + 1;
        var open = 0;
        do
        {
            open += _text.Next == '(' ? 1 : _text.Next == ')' ? -1 : 0;
            _text.Position = _text.IsEnd ? throw new DataException(place, "this script has no ')' at its end") : _text.Position + 1;
        }
        while (open > 0);
        return _text.Since(start)[..^1];
    }

    private byte[] ParseWord()
    {
        var place = _text.Place;
        var isLittle = _text.Next == 'l';
        _text.Position++;
        var bits = _text.Take("e16:") ? 16 : _text.Take("e32:") ? 32 : _text.Take("e64:") ? 64
            : throw new DataException(place, "a word is one of le16: le32: le64: be16: be32: be64: with a number behind it");
        var number = _text.TakeNumber("the number of the word");
        if (number >> bits != 0)
        {
            throw new DataException(place, $"a word of {bits} bits is 0 to {(UInt128.One << bits) - 1}");
        }

        var bytes = new byte[bits / 8];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[isLittle ? i : bytes.Length - 1 - i] = (byte)(number >> (8 * i));
        }

        return bytes;
    }

    private Rune NextCharacter() => Rune.TryCreate(_text.Next, _text.Peek(1), out var pair) ? pair
        : Rune.TryCreate(_text.Next, out var single) ? single : Rune.ReplacementChar;
}
