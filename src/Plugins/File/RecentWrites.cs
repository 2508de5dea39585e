using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// The ranges written last. A page can be dropped from memory only when it has been written out, so it is dropped when a
/// number of further writes has given the device the time for that, instead of waiting for it.
/// </summary>
internal sealed class RecentWrites
{
    private const int Count = 16;

    private readonly Lock _guard = new();
    private readonly ByteRange[] _ranges = new ByteRange[Count];
    private int _next;

    /// <summary>Remembers a range and returns the one that it displaces, empty at first.</summary>
    public ByteRange Add(ByteRange range)
    {
        lock (_guard)
        {
            var oldest = _ranges[_next];
            _ranges[_next] = range;
            _next = (_next + 1) % Count;
            return oldest;
        }
    }
}
