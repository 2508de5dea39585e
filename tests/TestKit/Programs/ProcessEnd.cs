using System.Runtime.InteropServices;

namespace SharpNbd.TestKit;

/// <summary>
/// The end of a process that is not a child of the test. The framework waits until its number is free, which takes as long as
/// whoever adopted it takes to notice.
/// </summary>
public sealed partial class ProcessEnd : IDisposable
{
    private const short Readable = 1;

    private readonly int _descriptor;

    /// <summary>Takes hold of a running process.</summary>
    /// <param name="processId">Which one.</param>
    public ProcessEnd(int processId)
    {
        _descriptor = OpenProcess(processId, 0);
        if (_descriptor < 0)
        {
            throw new InvalidOperationException($"there is no process {processId}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Waits for it.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <exception cref="TimeoutException">It still runs.</exception>
    public Task WaitAsync(TimeSpan timeout) => Task.Factory.StartNew(
        () => Wait((int)timeout.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public void Dispose() => _ = Close(_descriptor);

    private unsafe void Wait(int milliseconds)
    {
        // struct pollfd: the descriptor, then the events that are awaited and those that came, 16 bits each.
        var descriptor = stackalloc int[] { _descriptor, Readable };
        if (Poll(descriptor, 1, milliseconds) != 1)
        {
            throw new TimeoutException($"the process did not end within {milliseconds} ms");
        }
    }

    [LibraryImport("libc", EntryPoint = "pidfd_open", SetLastError = true)]
    private static partial int OpenProcess(int processId, uint flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int Poll(int* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
