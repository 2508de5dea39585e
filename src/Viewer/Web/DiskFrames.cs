namespace SharpNbd.Viewer;

/// <summary>Writes one disk's share of the frames of one page: what has changed since the last one. The page reads it in frames.js.</summary>
internal sealed class DiskFrames(Disk disk, DiskCursor cursor)
{
    /// <summary>The requests that a page lists at a time; more could not be read.</summary>
    private const int MostRequests = 128;

    /// <summary>The activity changes with every request and is drawn small, so that it goes along with every eighth frame only.</summary>
    private const int ActivityInterval = 8;

    private DiskPicture? _picture;
    private Activity? _activity;
    private long _sentStamp;
    private long _sentActivity = -1;
    private (long, LogState, bool, long)? _sent;
    private int _frames;

    /// <summary>Writes the disk as the page sees it now; returns false when the page has it so already.</summary>
    public bool Write(FrameBuffer frame)
    {
        var isFailing = disk.Switch?.IsOn ?? false;
        lock (cursor.Log.Gate)
        {
            var (log, player) = (cursor.Log, cursor.Player);
            var isNew = !ReferenceEquals(player.Picture, _picture);
            if (isNew)
            {
                (_picture, _sentStamp) = (player.Picture, -1);
            }

            var now = (player.Picture.Changes, log.State, isFailing, log.State == LogState.Loading ? log.Head.Position : 0);
            WriteState(frame, log, isFailing);
            WriteCounters(frame, player);
            frame.Flag(isNew);
            WriteLayout(frame, player.Picture.Layout);
            var stamp = player.Picture.TakeStamp();
            WriteCells(frame, player.Picture);
            WriteRequests(frame, player.Picture.Requests);
            _sentStamp = stamp;
            var hasActivity = WriteActivity(frame, log.Activity);
            var isChanged = isNew || hasActivity || now != _sent;
            _sent = now;
            return isChanged;
        }
    }

    private void WriteState(FrameBuffer frame, DiskLog log, bool isFailing)
    {
        frame.Byte((byte)log.State);
        frame.Byte(disk.Switch is null ? (byte)0 : isFailing ? (byte)2 : (byte)1);
        frame.Double(log.State == LogState.Following ? 1 : log.Head.Position / (double)Math.Max(1, log.Length));
    }

    private static void WriteCounters(FrameBuffer frame, Player player)
    {
        for (var operation = Operation.Read; operation <= Operation.Flush; operation++)
        {
            var counter = player.Picture[operation];
            frame.Double(counter.Requests);
            frame.Double(counter.Bytes);
            frame.Double(counter.Errors);
        }

        frame.UInt32(player.Picture.InFlightCount);
        frame.Double(player.Unreadable);
    }

    private static void WriteLayout(FrameBuffer frame, Layout? layout)
    {
        frame.Double(layout?.Size ?? 0);
        frame.Double(layout?.BlockSize ?? 0);
        frame.UInt32(layout?.Width ?? 0);
        frame.UInt32(layout?.Height ?? 0);
        frame.UInt32(layout?.Cells ?? 0);
    }

    private void WriteCells(FrameBuffer frame, DiskPicture picture)
    {
        var stamps = picture.Stamps;
        var cells = picture.Cells;
        var place = frame.Reserve();
        var count = 0;
        for (var index = 0; index < stamps.Length; index++)
        {
            if (stamps[index] <= _sentStamp || stamps[index] == 0)
            {
                continue;
            }

            ref readonly var cell = ref cells[index];
            frame.UInt32(index);
            frame.Byte((byte)cell.Look);
            frame.Flag(cell.IsFlashing);
            frame.Byte((byte)cell.Last);
            frame.Byte((byte)cell.Error);
            frame.UInt32(cell.Count);
            frame.Time(cell.Time);
            count++;
        }

        frame.Fill(place, count);
    }

    private void WriteRequests(FrameBuffer frame, RequestList requests)
    {
        var place = frame.Reserve();
        var count = 0;
        for (var sequence = requests.Last; sequence >= requests.First && count < MostRequests; sequence--)
        {
            ref readonly var request = ref requests[sequence];
            if (request.Stamp <= _sentStamp)
            {
                continue;
            }

            frame.Double(request.Sequence);
            frame.Byte((byte)request.Operation);
            frame.Byte((byte)request.State);
            frame.Byte((byte)request.Error);
            frame.Double(request.Connection);
            frame.Double(request.Id);
            frame.Double(request.Offset);
            frame.Double(request.Count);
            frame.Time(request.Begin);
            frame.Time(request.End);
            count++;
        }

        frame.Fill(place, count);
    }

    private bool WriteActivity(FrameBuffer frame, Activity activity)
    {
        var isDue = !ReferenceEquals(activity, _activity) || (_frames++ % ActivityInterval == 0 && activity.Changes != _sentActivity);
        frame.Flag(isDue);
        if (!isDue)
        {
            return activity.Changes != _sentActivity;
        }

        (_activity, _sentActivity) = (activity, activity.Changes);
        frame.Time(activity.Origin);
        frame.Double(activity.Width / 1000.0);
        frame.UInt32(activity.Used.Length);
        foreach (var span in activity.Used)
        {
            frame.UInt32(span.Reads);
            frame.UInt32(span.Writes);
            frame.UInt32(span.Others);
            frame.UInt32(span.Errors);
        }

        return true;
    }
}
