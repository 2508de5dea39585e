namespace SharpNbd.Plugins;

/// <summary>The data itself, or what stands in parentheses: its members one after the other, later ones over earlier ones.</summary>
internal sealed class SequenceExpression(DataPlace place, IReadOnlyList<DataItem> items) : DataExpression(place, DepthOf(items))
{
    /// <inheritdoc/>
    protected override DataPiece Find(long limit)
    {
        var builder = new SequenceBuilder();
        var offset = 0L;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Expression is { } expression)
            {
                // Only behind the last member does nothing depend on how long it is.
                var piece = expression.Evaluate(i == items.Count - 1 ? Math.Max(0, limit - offset) : long.MaxValue);
                builder.Add(offset, piece);
                offset = End(items[i].Place, offset, piece.Length);
            }
            else
            {
                offset = Moved(offset, items[i]);
            }

            builder.Grow(offset);
        }

        return builder.Build();
    }

    private static int DepthOf(IReadOnlyList<DataItem> items)
        => items.Where(item => item.Expression is not null).Select(item => DepthAround(item.Expression!)).DefaultIfEmpty(1).Max();

    private static long Moved(long offset, DataItem item)
    {
        switch (item.Move)
        {
            case DataMove.To:
                return item.Number;
            case DataMove.Forward:
                return End(item.Place, offset, item.Number);
            case DataMove.Back when item.Number > offset:
                throw new DataException(item.Place, $"@-{item.Number} leads in front of the start: the offset is {offset} here");
            case DataMove.Back:
                return offset - item.Number;
            default:
                return offset % item.Number == 0 ? offset : End(item.Place, offset, item.Number - (offset % item.Number));
        }
    }
}
