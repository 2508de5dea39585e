using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal sealed class DelaySource(DiskSource inner, DelayOptions options, TimeProvider time) : SourceFilter(inner)
{
    private readonly DelayTimer _timer = new(time);

    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        if (IsDue(options.Open))
        {
            await WaitAsync(options.Open, cancellationToken);
        }

        return new DelayDisk(await Inner.OpenAsync(request, cancellationToken), this, options, request.ConnectionClosed);
    }

    public override async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        _timer.Dispose();
    }

    /// <summary>Whether a delay has to be waited for now.</summary>
    public bool IsDue(TimeSpan delay) => delay > TimeSpan.Zero && (options.Trigger is not { } trigger || Path.Exists(trigger.Value));

    /// <summary>Waits for the delay. A cancelled wait ends as a cancelled task, which the client sees as ESHUTDOWN.</summary>
    public Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => _timer.WaitAsync(delay, cancellationToken);
}
