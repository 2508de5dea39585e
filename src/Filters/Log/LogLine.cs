using System.Text;
using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>
/// A line of the log under construction, as bytes. Each thread has one that it uses again and again: a line is built and
/// written, or turned into a script, before its thread does anything else.
/// </summary>
internal sealed partial class LogLine
{
    /// <summary>A list of extents can make a line of megabytes; its buffer is not kept.</summary>
    private const int LargestKept = 64 << 10;

    private static readonly byte[][] ActionNames = [.. Enum.GetNames<LogAction>().Select(Encoding.ASCII.GetBytes)];

    [ThreadStatic]
    private static LogLine? _ofThisThread;

    private byte[] _bytes = new byte[1024];
    private int _length;
    private int _fields;
    private LogEvent _event;
    private LogPhase _phase;

    /// <summary>Begins a line: date, time, connection, action and number.</summary>
    public static LogLine Begin(DateTime utcNow, LogEvent logEvent, LogPhase phase)
    {
        var line = _ofThisThread ??= new LogLine();
        line.Reset();
        line.AppendHead(utcNow, logEvent, phase);
        return line;
    }

    /// <summary>Ends the line and begins another one behind it; both are written together, to a file only.</summary>
    public LogLine Then(DateTime utcNow, LogEvent logEvent, LogPhase phase)
    {
        AppendEnd();
        AppendHead(utcNow, logEvent, phase);
        return this;
    }

    /// <summary>Appends a field with a number in decimal.</summary>
    public LogLine Decimal(ReadOnlySpan<byte> name, long value)
    {
        AppendName(name);
        AppendNumber(value, "");
        return this;
    }

    /// <summary>Appends a field with a number in hexadecimal.</summary>
    public LogLine Hex(ReadOnlySpan<byte> name, long value)
    {
        AppendName(name);
        AppendHex(value);
        return this;
    }

    /// <summary>Appends a field that is 0 or 1.</summary>
    public LogLine Flag(ReadOnlySpan<byte> name, bool value) => Decimal(name, value ? 1 : 0);

    /// <summary>Appends a field with a text, quoted for the shell.</summary>
    public LogLine Text(ReadOnlySpan<byte> name, string value)
    {
        AppendName(name);
        AppendQuoted(value);
        return this;
    }

    /// <summary>Appends the fields of a range.</summary>
    public LogLine Range(long offset, long length) => Hex("offset"u8, offset).Hex("count"u8, length);

    /// <summary>Appends that the request has succeeded.</summary>
    public LogLine Succeeded() => Decimal("return"u8, 0);

    /// <summary>Appends that the request has failed.</summary>
    public LogLine Failed(NbdError error)
    {
        Decimal("return"u8, -1);
        AppendName("error"u8);
        AppendUtf8(error.ToString());
        return this;
    }

    /// <summary>Appends the names of exports.</summary>
    public LogLine Exports(IReadOnlyList<ExportInfo> exports)
    {
        BeginList("exports"u8);
        foreach (var export in exports)
        {
            BeginItem();
            AppendQuoted(export.Name);
        }

        EndList();
        return this;
    }

    /// <summary>Appends extents: offset, length and kind of each.</summary>
    public LogLine Extents(ReadOnlySpan<Extent> extents)
    {
        BeginList("extents"u8);
        foreach (var extent in extents)
        {
            BeginItem();
            AppendHex(extent.Offset);
            Append(" "u8);
            AppendHex(extent.Length);
            Append(extent.Flags switch
            {
                ExtentFlags.Data => " \"\""u8,
                ExtentFlags.Hole => " \"hole\""u8,
                ExtentFlags.Zero => " \"zero\""u8,
                _ => " \"hole,zero\""u8,
            });
        }

        EndList();
        return this;
    }

    /// <summary>The finished line with its line feed. Valid until the thread begins another one.</summary>
    public ReadOnlySpan<byte> ForFile()
    {
        var end = _length;
        AppendEnd();
        var line = _bytes.AsSpan(0, _length);
        _length = end;
        return line;
    }

    private void AppendHead(DateTime utcNow, LogEvent logEvent, LogPhase phase)
    {
        _event = logEvent;
        _phase = phase;
        AppendTime(utcNow);
        if (logEvent.Connection != 0)
        {
            Decimal("connection"u8, logEvent.Connection);
        }

        Append(phase == LogPhase.Leave ? " ..."u8 : " "u8);
        Append(ActionNames[(int)logEvent.Action]);
        if (logEvent.Id != 0)
        {
            Decimal("id"u8, logEvent.Id);
        }

        _fields = _length;
    }

    private void AppendEnd() => Append(_phase == LogPhase.Enter ? " ...\n"u8 : "\n"u8);

    private void Reset()
    {
        if (_bytes.Length > LargestKept)
        {
            _bytes = new byte[1024];
        }

        _length = 0;
        _list = default;
    }

    private void AppendName(ReadOnlySpan<byte> name)
    {
        Append(" "u8);
        Append(name);
        Append("="u8);
    }

    private void AppendHex(long value)
    {
        Append("0x"u8);
        AppendNumber(value, "x");
    }

    private void AppendNumber(long value, ReadOnlySpan<char> format)
    {
        const int longest = 20;
        value.TryFormat(Room(longest), out var written, format, provider: null);
        _length += written;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>The free bytes behind the line, at least so many.</summary>
    private Span<byte> Room(int needed)
    {
        if (_bytes.Length - _length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + needed));
        }

        return _bytes.AsSpan(_length);
    }
}
