namespace SharpNbd.Plugins.Tests;

/// <summary>Work with a result that can be awaited.</summary>
internal sealed class ActionWork(Func<int> action) : IoWork
{
    private readonly TaskCompletionSource<int> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> Result => _result.Task;

    public override void Execute() => _result.SetResult(action());
}
