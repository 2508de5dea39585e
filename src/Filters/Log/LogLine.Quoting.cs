using System.Buffers;
using System.Text;

namespace SharpNbd.Filters;

internal sealed partial class LogLine
{
    // What nbdkit leaves without quotes, found by trying each character.
    private static readonly SearchValues<char> Plain
        = SearchValues.Create(",-./0123456789:=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    // What still has a meaning for the shell inside double quotes.
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\"\\$`");

    private void AppendQuoted(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && !text.ContainsAnyExcept(Plain))
        {
            AppendUtf8(text);
            return;
        }

        Append("\""u8);
        for (var next = text.IndexOfAny(Escaped); next >= 0; next = text.IndexOfAny(Escaped))
        {
            AppendUtf8(text[..next]);
            Append("\\"u8);
            AppendUtf8(text.Slice(next, 1));
            text = text[(next + 1)..];
        }

        AppendUtf8(text);
        Append("\""u8);
    }

    private void AppendUtf8(ReadOnlySpan<char> text)
        => _length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
}
