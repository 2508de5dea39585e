using System.Runtime.CompilerServices;
using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal sealed class DelayDisk(Disk inner, DelaySource source, DelayOptions options, CancellationToken connectionClosed) : DiskFilter(inner)
{
    protected override bool PassesReads => options.Read == TimeSpan.Zero;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => RunAsync(options.Read, new ReadCall(offset, buffer), cancellationToken);

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => RunAsync(options.Write, new WriteCall(offset, data, flags), cancellationToken);

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
        => RunAsync(options.Flush, default(FlushCall), cancellationToken);

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => RunAsync(options.Trim, new TrimCall(range, flags), cancellationToken);

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        if ((flags & ZeroFlags.Fast) != 0 && !options.FastZero)
        {
            throw new NbdException(NbdError.ENOTSUP, "the delay filter was told to refuse fast zeroes") { IsLogged = true };
        }

        return RunAsync(options.Zero, new ZeroCall(range, flags), cancellationToken);
    }

    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => RunAsync(options.Cache, new CacheCall(range), cancellationToken);

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
        => RunAsync(options.Extents, new ExtentsCall(range, extents), cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (source.IsDue(options.Close))
        {
            // Nobody waits for a client that has vanished, nor may one hold up the end of the server.
            await source.WaitAsync(options.Close, connectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Inner.DisposeAsync();
    }

    private ValueTask RunAsync<TCall>(TimeSpan delay, TCall call, CancellationToken cancellationToken)
        where TCall : struct, IDiskCall
        => source.IsDue(delay) ? RunLaterAsync(delay, call, cancellationToken) : call.InvokeAsync(Inner, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunLaterAsync<TCall>(TimeSpan delay, TCall call, CancellationToken cancellationToken)
        where TCall : struct, IDiskCall
    {
        await source.WaitAsync(delay, cancellationToken);
        await call.InvokeAsync(Inner, cancellationToken);
    }
}
