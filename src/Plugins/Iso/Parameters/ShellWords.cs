using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// Takes a line apart into words as a shell does: quotes, backslashes, spaces. What else means something to a shell is refused, so that
/// nothing silently means another thing than it did with nbdkit, which gives the line to one.
/// </summary>
internal static class ShellWords
{
    /// <summary>The words of a line.</summary>
    /// <exception cref="FormatException">A quote is not closed, or something would need a shell.</exception>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isInWord = false;
        for (var at = 0; at < line.Length; at++)
        {
            var c = line[at];
            if (c is ' ' or '\t' or '\n')
            {
                if (isInWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isInWord = false;
                }

                continue;
            }

            isInWord = true;
            switch (c)
            {
                case '\'':
                    var end = line.IndexOf('\'', at + 1);
                    RefuseOpenQuote(end < 0);
                    word.Append(line, at + 1, end - at - 1);
                    at = end;
                    break;
                case '"':
                    at = AppendQuoted(line, at + 1, word);
                    break;
                case '\\' when at + 1 < line.Length:
                    word.Append(line[++at]);
                    break;
                case '$' or '`' or ';' or '&' or '|' or '<' or '>' or '(' or ')' or '*' or '?' or '[':
                    throw NeedsShell(c);
                default:
                    word.Append(c);
                    break;
            }
        }

        if (isInWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>Appends what is between double quotes, and returns where the closing one is.</summary>
    private static int AppendQuoted(string line, int at, StringBuilder word)
    {
        for (; at < line.Length && line[at] != '"'; at++)
        {
            if (line[at] is '$' or '`')
            {
                throw NeedsShell(line[at]);
            }

            if (line[at] == '\\' && at + 1 < line.Length && line[at + 1] is '"' or '\\' or '$' or '`')
            {
                at++;
            }

            word.Append(line[at]);
        }

        RefuseOpenQuote(at >= line.Length);
        return at;
    }

    private static void RefuseOpenQuote(bool isOpen)
    {
        if (isOpen)
        {
            throw new FormatException("a quote is not closed");
        }
    }

    private static FormatException NeedsShell(char c)
        => new($"'{c}' has a meaning for shells and no shell is asked here: put it between single quotes if it shall stand for itself");
}
