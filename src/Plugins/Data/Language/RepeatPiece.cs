namespace SharpNbd.Plugins;

/// <summary>A piece several times.</summary>
internal sealed class RepeatPiece : DataPiece
{
    private readonly DataPiece _period;

    /// <param name="inner">The piece, not empty.</param>
    /// <param name="times">How often; the length is below 2^63.</param>
    public RepeatPiece(DataPiece inner, long times)
        : base(inner.Length * times)
    {
        _period = inner is BytesPiece { Length: < LongestFold } bytes ? Widened(bytes, times) : inner;
        Cost = Math.Min(Length, inner.Cost > long.MaxValue / times ? long.MaxValue : inner.Cost * times);
    }

    /// <inheritdoc/>
    public override long Cost { get; }

    /// <inheritdoc/>
    public override void Render(IDataTarget target, long at, long start, long count)
    {
        while (count > 0)
        {
            var within = start % _period.Length;
            var part = Math.Min(count, _period.Length - within);
            _period.Render(target, at, within, part);
            at += part;
            start += part;
            count -= part;
        }
    }

    /// <summary>Writing two bytes at a time would take for ever; what is repeated may be repeated in larger steps.</summary>
    private static BytesPiece Widened(BytesPiece inner, long times)
    {
        var wide = new byte[inner.Length * Math.Min(times, LongestFold / inner.Length)];
        for (var i = 0L; i < wide.Length; i += inner.Length)
        {
            inner.Bytes.CopyTo(wide.AsSpan((int)i));
        }

        return new BytesPiece(wide);
    }
}
