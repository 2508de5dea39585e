namespace SharpNbd.Plugins;

/// <summary>
/// Lets a bounded number of transfers run at once (<c>connections=</c>), of all clients. Those that wait can still grow: small requests
/// for neighbouring bytes become one.
/// </summary>
/// <param name="slots">How many run at once.</param>
internal sealed class TransferQueue(int slots)
{
    private readonly Lock _lock = new();
    private readonly List<Transfer> _waiting = [];
    private int _free = slots;

    /// <summary>Starts a transfer now or when it is its turn, never on the caller's thread.</summary>
    public void Add(Transfer transfer)
    {
        lock (_lock)
        {
            if (_free == 0)
            {
                transfer.IsQueued = true;
                _waiting.Add(transfer);
                return;
            }

            _free--;
        }

        Start(transfer);
    }

    /// <summary>Puts a transfer that still waits before those that nobody waits for.</summary>
    public void Hurry(Transfer transfer)
    {
        lock (_lock)
        {
            transfer.IsUrgent = true;
        }
    }

    /// <summary>Lengthens a segment unless it has begun or would become too long.</summary>
    public bool TryExtend(Segment segment, int length)
    {
        lock (_lock)
        {
            return segment.IsQueued && segment.TryExtend(length);
        }
    }

    /// <summary>Forgets a transfer that has not begun.</summary>
    /// <returns>True when it will never begin.</returns>
    public bool TryRemove(Transfer transfer)
    {
        lock (_lock)
        {
            return _waiting.Remove(transfer);
        }
    }

    private void Start(Transfer transfer) => _ = Task.Run(async () =>
    {
        await transfer.RunAsync();
        Next();
    });

    private void Next()
    {
        Transfer transfer;
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _free++;
                return;
            }

            var first = Math.Max(0, _waiting.FindIndex(waiting => waiting.IsUrgent));
            transfer = _waiting[first];
            transfer.IsQueued = false;
            _waiting.RemoveAt(first);
        }

        Start(transfer);
    }
}
