namespace SharpNbd.Viewer;

/// <summary>
/// How much went on over the whole time of a log, in a fixed number of spans. A longer log has longer spans: when the time grows
/// beyond the last one, each two become one.
/// </summary>
internal sealed class Activity
{
    public const int Spans = 1024;

    private readonly ActivitySpan[] _spans = new ActivitySpan[Spans];

    /// <summary>When the first span begins, in microseconds since 1970; 0 as long as nothing has happened.</summary>
    public long Origin { get; private set; }

    /// <summary>The microseconds of a span.</summary>
    public long Width { get; private set; } = 1000;

    /// <summary>The spans in use.</summary>
    public ReadOnlySpan<ActivitySpan> Used => _spans.AsSpan(0, Length);

    /// <summary>Goes up with every change.</summary>
    public long Changes { get; private set; }

    private int Length { get; set; }

    public void Add(in LogLine line)
    {
        if (line.Kind is not (LineKind.Call or LineKind.Return) || (line.Kind == LineKind.Return && line.Error == LogError.None))
        {
            return;
        }

        Changes++;
        ref var span = ref SpanOf(line.Time);
        if (line.Kind == LineKind.Return)
        {
            span.Errors++;
        }
        else if (line.Operation.IsRead())
        {
            span.Reads++;
        }
        else if (line.Operation == Operation.Write)
        {
            span.Writes++;
        }
        else
        {
            span.Others++;
        }
    }

    private ref ActivitySpan SpanOf(long time)
    {
        if (Origin == 0)
        {
            Origin = time;
        }

        // The time of a line can lie a little before that of the line above it.
        var since = Math.Max(0, time - Origin);
        while (since / Width >= Spans)
        {
            Halve();
        }

        var index = (int)(since / Width);
        Length = Math.Max(Length, index + 1);
        return ref _spans[index];
    }

    private void Halve()
    {
        for (var index = 0; index < Spans / 2; index++)
        {
            _spans[index] = _spans[2 * index] + _spans[(2 * index) + 1];
        }

        _spans.AsSpan(Spans / 2).Clear();
        Width *= 2;
        Length = (Length + 1) / 2;
    }
}
