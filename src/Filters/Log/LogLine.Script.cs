using System.Text;

namespace SharpNbd.Filters;

internal sealed partial class LogLine
{
    // Where the list of the line is, name and parentheses included; empty where there is none.
    private (int Start, int Value, int End) _list;

    /// <summary>The line as a shell script: assignments, then what the user wants to be run.</summary>
    /// <param name="script">What the user wants.</param>
    /// <param name="withArrays">
    /// The shell has arrays, and a list becomes one. In other shells, where the parenthesis alone would end the script, it is a text.
    /// </param>
    public string ForScript(string script, bool withArrays)
    {
        var text = new StringBuilder();
        text.Append("act=").Append(_event.Action).Append('\n');
        if (_event.Connection != 0)
        {
            text.Append("connection=").Append(_event.Connection).Append('\n');
        }

        text.Append("type=").Append(_phase.ToString().ToUpperInvariant()).Append('\n');
        if (_event.Id != 0)
        {
            text.Append("id=").Append(_event.Id).Append('\n');
        }

        AppendFields(text, withArrays);
        return text.Append('\n').Append(script).ToString();
    }

    private void AppendFields(StringBuilder text, bool withArrays)
    {
        if (withArrays || _list.End == 0)
        {
            text.Append(Utf8(_fields, _length).TrimStart());
            return;
        }

        text.Append(Utf8(_list.Start, _list.Value))
            .Append('\'').Append(Utf8(_list.Value, _list.End).Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'')
            .Append(Utf8(_list.End, _length));
    }

    private void BeginList(ReadOnlySpan<byte> name)
    {
        _list.Start = _length + 1;
        AppendName(name);
        _list.Value = _length;
        Append("("u8);
    }

    private void BeginItem()
    {
        if (_length > _list.Value + 1)
        {
            Append(" "u8);
        }
    }

    private void EndList()
    {
        Append(")"u8);
        _list.End = _length;
    }

    private string Utf8(int start, int end) => Encoding.UTF8.GetString(_bytes, start, end - start);
}
