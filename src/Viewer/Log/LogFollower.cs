namespace SharpNbd.Viewer;

/// <summary>
/// Follows a log on a thread of its own: reading is work without waiting, and where the name turns out to be a pipe without a
/// writer, only this thread waits.
/// </summary>
internal sealed class LogFollower(DiskLog log, CancellationToken stopping)
{
    /// <summary>What a page can show in time; looking takes some 20 µs.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"log {log.Path}" }.Start();

    private void Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            if (!log.Poll())
            {
                stopping.WaitHandle.WaitOne(Interval);
            }
        }
    }
}
