namespace SharpNbd.TestKit;

/// <summary>The lines that a running program writes; a test can wait for one.</summary>
public sealed class LineLog
{
    private static readonly TimeSpan LineTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Completes when the program has closed its end: there will be no more lines.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Waits for a line that contains a text, and returns it.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        using var timeout = new CancellationTokenSource(LineTimeout);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
                if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }
            }

            if (await Task.WhenAny(changed, Completed).WaitAsync(timeout.Token) != changed && !changed.IsCompleted)
            {
                throw new InvalidOperationException($"no line with '{text}' in:\n{string.Join('\n', Lines)}");
            }
        }
    }

    internal async Task FillAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _lines.Add(line);
                _changed.SetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        _completed.SetResult();
    }
}
