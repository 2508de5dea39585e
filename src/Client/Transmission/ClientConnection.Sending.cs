namespace SharpNbd.Client;

/// <summary>How requests are sent: by whoever finds nobody sending, for all that come meanwhile.</summary>
internal sealed partial class ClientConnection
{
    private readonly SemaphoreSlim _leftover = new(0);
    private SendBatch _filling = new();
    private SendBatch _sending = new();
    private bool _isSending;
    private Thread? _sender;

    /// <summary>Sends what is queued, unless somebody does already.</summary>
    /// <param name="wait">Whether it may wait for the server.</param>
    public void Flush(bool wait)
    {
        lock (_gate)
        {
            if (_isSending || _filling.IsEmpty)
            {
                return;
            }

            _isSending = true;
        }

        SendAll(wait);
    }

    private void Queue(in RequestHeader header, ReadOnlySpan<byte> payload)
    {
        var room = _filling.Room(RequestHeader.LongestSize + payload.Length);
        var size = header.Write(room, _form);
        payload.CopyTo(room[size..]);
        _filling.Advance(size + payload.Length);
    }

    // The one who sends, until nothing is left; or until he would have to wait and may not, and leaves it to a thread that may.
    private void SendAll(bool wait)
    {
        while (TakeBatch())
        {
            if (!wait && !_wire.CanSendWithoutWaiting)
            {
                LeaveToSender();
                return;
            }

            try
            {
                if (!_sending.Send(_wire, wait))
                {
                    LeaveToSender();
                    return;
                }

                Progress();
            }
            catch (IOException e)
            {
                Lose(new NbdConnectionException($"the connection to the server was lost: {e.Message}", e));
            }

            _sending.Clear();
        }
    }

    /// <summary>Finds something to send; if there is nothing, or nobody to send it to, nobody is sending any more.</summary>
    private bool TakeBatch()
    {
        SendBatch? unsent = null;
        bool isEnded;
        lock (_gate)
        {
            if (!_sending.IsEmpty)
            {
                return true;
            }

            if (!_filling.IsEmpty && _death is null)
            {
                (_filling, _sending) = (_sending, _filling);
                return true;
            }

            if (!_filling.IsEmpty)
            {
                unsent = _filling;
                _filling = new SendBatch();
            }

            _isSending = false;
            isEnded = _isEnded;
        }

        // Not under the lock: callers go on here.
        unsent?.Clear();
        if (isEnded)
        {
            Release();
        }

        return false;
    }

    private void LeaveToSender()
    {
        if (_sender is null)
        {
            _sender = new Thread(SendLeftovers, maxStackSize: 256 << 10) { IsBackground = true, Name = "nbd requests" };
            _sender.Start();
        }

        _leftover.Release();
    }

    private void SendLeftovers()
    {
        while (true)
        {
            _leftover.Wait();
            lock (_gate)
            {
                if (!_isSending)
                {
                    return;
                }
            }

            SendAll(wait: true);
        }
    }
}
