namespace SharpNbd.Server;

/// <summary>Lets one caller in at a time, in the order of arrival, without blocking a thread. Free of allocation when nobody waits.</summary>
internal sealed class Turnstile : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    /// <summary>Waits for its turn, which lasts until the result is disposed.</summary>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        return new Turn(_semaphore);
    }

    /// <inheritdoc/>
    public void Dispose() => _semaphore.Dispose();

    /// <summary>A turn; disposing it, once, lets the next one in.</summary>
    internal readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => semaphore.Release();
    }
}
