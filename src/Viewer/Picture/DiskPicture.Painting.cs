namespace SharpNbd.Viewer;

internal sealed partial class DiskPicture
{
    private void Paint(in LogLine line)
    {
        var pending = line.Operation switch
        {
            Operation.Write => Look.Writing,
            Operation.Zero => Look.Zeroing,
            Operation.Trim => Look.Trimming,
            _ => Look.Reading,
        };
        foreach (ref var cell in Touch(line.Operation, line.Offset, line.Count))
        {
            cell.Time = line.Time;
            cell.Count++;
            cell.Last = line.Operation;
            if (line.Operation.IsChange())
            {
                cell.Changes++;
                cell.Pending = pending;
            }
            else
            {
                cell.Reads++;
            }
        }
    }

    // A request without an answer leaves the blocks as they were before: whether they have changed is not known.
    private void Unpaint(in InFlight request, long time, LogError error, bool isAnswered)
    {
        var after = request.Operation switch
        {
            Operation.Write => Look.Written,
            Operation.Zero => Look.Zeroed,
            _ => Look.Trimmed,
        };
        foreach (ref var cell in Touch(request.Operation, request.Offset, request.Count))
        {
            cell.Time = time;
            if (!request.Operation.IsChange())
            {
                cell.Reads--;
            }
            else
            {
                cell.Changes--;
                cell.Base = isAnswered && error == LogError.None ? after : cell.Base;
            }

            cell.Error = isAnswered ? error : cell.Error;
        }
    }

    private Span<Cell> Touch(Operation operation, long offset, long count)
    {
        if (Layout is null || !(operation.IsRead() || operation.IsChange()))
        {
            return [];
        }

        var (start, end) = Layout.Touched(offset, count);
        _stamps.AsSpan(start..end).Fill(_stamp);
        return _cells.AsSpan(start..end);
    }
}
