namespace SharpNbd.Plugins;

/// <summary>Bounds the memory for bytes that no client has asked for yet, of all clients together.</summary>
/// <param name="bytes">How many there may be.</param>
internal sealed class ReadAheadBudget(long bytes)
{
    private long _left = bytes;

    public bool TryTake(int length)
    {
        if (Interlocked.Add(ref _left, -length) >= 0)
        {
            return true;
        }

        Return(length);
        return false;
    }

    public void Return(int length) => Interlocked.Add(ref _left, length);
}
