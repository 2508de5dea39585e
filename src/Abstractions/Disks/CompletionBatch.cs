namespace SharpNbd.Abstractions;

/// <summary>
/// For a disk that gets many answers at once, on a thread of its own: whatever completes on that thread between <see cref="Begin"/> and
/// <see cref="End"/> is sent to the clients together, in one system call for each of them instead of one for each request. In between the
/// thread must not wait for anything but short locks, for the replies wait with it.
/// </summary>
public static class CompletionBatch
{
    [ThreadStatic]
    private static List<Action>? _ends;

    [ThreadStatic]
    private static bool _isOpen;

    /// <summary>From now on this thread's completions are collected. Nothing happens when they are already.</summary>
    public static void Begin() => _isOpen = true;

    /// <summary>Sends what was collected. Nothing happens when there is nothing.</summary>
    public static void End()
    {
        _isOpen = false;
        if (_ends is not { Count: > 0 } ends)
        {
            return;
        }

        // What one of them does completes nothing here any more: the list cannot grow.
        foreach (var end in ends)
        {
            end();
        }

        ends.Clear();
    }

    /// <summary>Puts something off until the batch ends.</summary>
    /// <param name="end">What to do then; the same object each time, which is kept once.</param>
    /// <returns>False when this thread collects nothing: it has to be done now.</returns>
    internal static bool TryDefer(Action end)
    {
        if (!_isOpen)
        {
            return false;
        }

        var ends = _ends ??= [];
        if (ends.Count == 0 || (!ReferenceEquals(ends[^1], end) && !ends.Contains(end)))
        {
            ends.Add(end);
        }

        return true;
    }
}
