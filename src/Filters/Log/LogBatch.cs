namespace SharpNbd.Filters;

/// <summary>
/// Lines of requests that a connection's thread saw completed at once. They are written together before their replies leave, so that
/// the log never lacks what a client has been told.
/// </summary>
/// <param name="log">Where they go.</param>
internal sealed class LogBatch(LogWriter log)
{
    /// <summary>Holds the lines of more requests than are answered together.</summary>
    private const int Capacity = 64 * 1024;

    private byte[] _lines = [];
    private int _length;

    // Calls that a filter in front makes on other threads are not part of a batch: nobody says when that would end.
    private int _thread;

    /// <summary>Takes a line.</summary>
    public void Add(LogLine line)
    {
        var bytes = line.ForFile();
        if (!IsOwnThread || bytes.Length > Capacity)
        {
            WriteOut();
            log.Write(bytes);
            return;
        }

        if (_length + bytes.Length > _lines.Length)
        {
            WriteOut();
            if (_lines.Length == 0)
            {
                _lines = GC.AllocateUninitializedArray<byte>(Capacity);
            }
        }

        bytes.CopyTo(_lines.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Writes the lines that were put off, when the thread is the one that did.</summary>
    public void WriteOut()
    {
        if (_length > 0 && IsOwnThread)
        {
            log.Write(_lines.AsSpan(0, _length));
            _length = 0;
        }
    }

    /// <summary>The connection's thread sends its replies: lines are written; from here on it is known which thread that is.</summary>
    public void End()
    {
        _thread = Environment.CurrentManagedThreadId;
        WriteOut();
    }

    private bool IsOwnThread => _thread == Environment.CurrentManagedThreadId;
}
