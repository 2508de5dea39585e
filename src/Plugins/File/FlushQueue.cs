using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Makes one opening of a file stable. The kernel reports a failed write-out once for each opening (descriptor): of two
/// fdatasync calls at the same moment one would get the error and the other one success, though both promise the same data.
/// So there is one call at a time; requests that arrive meanwhile wait for the next one, which covers them all. Once a call
/// has failed, data that the kernel held may be gone from it, and a repeated call would succeed without having written
/// them: so every later flush of this opening fails too. Each connection has its own opening, so a new
/// connection starts afresh, and the kernel tells it of failures that nobody has been told of.
/// FUA takes the same way, by a write and then a flush: a write with RWF_DSYNC would be a second caller to whom the kernel
/// may give the error.
/// </summary>
internal sealed class FlushQueue
{
    private readonly Lock _guard = new();
    private List<FileRequest> _waiting = [];
    private List<FileRequest> _served = [];
    private bool _isRunning;
    private NbdException? _failure;

    /// <summary>
    /// Completes a request once all that was written before this call is stable. Either this thread makes it so, and
    /// blocks, or it leaves that to the one that is already at it.
    /// </summary>
    /// <param name="request">Its own work is done; called on an I/O thread.</param>
    public void Join(FileRequest request)
    {
        lock (_guard)
        {
            _waiting.Add(request);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        while (TakeAll())
        {
            var failure = Synchronize(_served[0].File);
            foreach (var served in _served)
            {
                served.Complete(failure);
            }

            _served.Clear();
        }
    }

    private bool TakeAll()
    {
        lock (_guard)
        {
            (_waiting, _served) = (_served, _waiting);
            _isRunning = _served.Count > 0;
            return _isRunning;
        }
    }

    /// <summary>Null when everything is stable. Only the thread that has set <see cref="_isRunning"/> is here.</summary>
    private NbdException? Synchronize(DiskFile file)
    {
        if (_failure is not null)
        {
            return new NbdException(
                NbdError.EIO, $"an earlier flush of {file.DisplayName} failed, so nothing is certain until it is opened anew", _failure);
        }

        try
        {
            file.Synchronize();
        }
        catch (NbdException e)
        {
            _failure = e;
        }

        return _failure;
    }
}
