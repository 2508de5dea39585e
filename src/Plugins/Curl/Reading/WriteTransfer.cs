namespace SharpNbd.Plugins;

/// <summary>A write that waits for its turn.</summary>
internal sealed class WriteTransfer : Transfer
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<ValueTask> _write;

    public WriteTransfer(Func<ValueTask> write)
    {
        _write = write;
        IsUrgent = true;
    }

    public Task Done => _done.Task;

    public override async Task RunAsync()
    {
        try
        {
            await _write();
            _done.SetResult();
        }
        catch (Exception e)
        {
            _done.SetException(e);
        }
    }
}
