using System.Globalization;

namespace SharpNbd.Interop.Tests;

/// <summary>What a process uses, as /proc tells it.</summary>
/// <param name="ResidentKibibytes">Its memory.</param>
/// <param name="Descriptors">Its open descriptors.</param>
/// <param name="Threads">Its threads that serve connections; those of the runtime's pool end when they have had nothing to do for long.</param>
internal sealed record ProcessFigures(long ResidentKibibytes, int Descriptors, int Threads)
{
    private static readonly string[] _names = ["nbd connection", "nbd replies", "file reads"];

    public static ProcessFigures Of(int processId)
    {
        var status = File.ReadAllLines($"/proc/{processId}/status");
        return new ProcessFigures(
            Number(status, "VmRSS:"), Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length, ConnectionThreads(processId));
    }

    /// <summary>
    /// Waits until descriptors and threads are what they were; the test fails when that does not happen. A connection's thread ends a
    /// moment after the last thing that a client can see of it.
    /// </summary>
    public static async Task<ProcessFigures> BackToAsync(int processId, ProcessFigures before)
    {
        var deadline = Environment.TickCount64 + 30_000;
        while (true)
        {
            var now = Of(processId);
            if (now.Descriptors <= before.Descriptors && now.Threads <= before.Threads)
            {
                return now;
            }

            Assert.True(Environment.TickCount64 < deadline, $"before {before}, afterwards {now}");
            await Task.Yield();
        }
    }

    private static int ConnectionThreads(int processId) => Directory.GetDirectories($"/proc/{processId}/task").Count(IsConnectionThread);

    private static bool IsConnectionThread(string task)
    {
        try
        {
            var name = File.ReadAllText(Path.Combine(task, "comm"));
            return _names.Any(start => name.StartsWith(start, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // It has just ended.
            return false;
        }
    }

    private static long Number(string[] status, string key)
        => long.Parse(
            status.Single(line => line.StartsWith(key, StringComparison.Ordinal)).AsSpan(key.Length).Trim().ToString().Split(' ')[0],
            CultureInfo.InvariantCulture);
}
