namespace SharpNbd.Plugins.Tests;

/// <summary>Work that blocks its thread until it is executed on a number of threads at once.</summary>
/// <param name="threads">The number of threads.</param>
internal sealed class BarrierWork(int threads) : IoWork
{
    private readonly Barrier _barrier = new(threads);
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when that many threads were in it at once.</summary>
    public Task Passed => _passed.Task;

    public override void Execute()
    {
        _barrier.SignalAndWait();
        _passed.TrySetResult();
    }
}
