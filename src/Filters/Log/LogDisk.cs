using System.Runtime.CompilerServices;
using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>
/// A request that the inner disk completes at once has both its lines written behind it, together with those of the other requests
/// that are answered with it, which is one system call for all. One that takes its time has its call line written as soon as that is known. With a script the call line's run comes first.
/// </summary>
internal sealed class LogDisk(Disk inner, LogWriter log, long connection, CancellationToken connectionClosed) : DiskFilter(inner)
{
    private readonly LogBatch _batch = new(log);
    private long _transactions;

    protected override bool PassesReads => false;

    // They are seen, and stay as they are.
    public override bool ReadsAreDirect => Inner.ReadsAreDirect;

    // Lending is a read that is over at once.
    public override bool TryLend(long offset, int length, out LentMemory memory)
    {
        var begun = log.Now;
        if (log.HasScript || !Inner.TryLend(offset, length, out memory))
        {
            memory = default;
            return false;
        }

        WriteSuccess(Next(LogAction.Read, new ByteRange(offset, length)) with { Begun = begun }, null);
        return true;
    }

    public override bool TryLendPieces(long offset, int length, LentPieces pieces)
    {
        var begun = log.Now;
        if (log.HasScript || !Inner.TryLendPieces(offset, length, pieces))
        {
            return false;
        }

        WriteSuccess(Next(LogAction.Read, new ByteRange(offset, length)) with { Begun = begun }, null);
        return true;
    }

    public override int Splice(long offset, int length, int pipe)
    {
        var begun = log.Now;
        var count = log.HasScript ? 0 : Inner.Splice(offset, length, pipe);
        if (count == length)
        {
            WriteSuccess(Next(LogAction.Read, new ByteRange(offset, length)) with { Begun = begun }, null);
        }

        return count;
    }

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => RunAsync(Next(LogAction.Read, new ByteRange(offset, buffer.Length)), new ReadCall(offset, buffer), null, cancellationToken);

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        var request = Next(LogAction.Write, new ByteRange(offset, data.Length)) with { Flags = FlagsOf(flags) };
        return RunAsync(request, new WriteCall(offset, data, flags), null, cancellationToken);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
        => RunAsync(Next(LogAction.Flush, default), default(FlushCall), null, cancellationToken);

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => RunAsync(Next(LogAction.Trim, range) with { Flags = FlagsOf(flags) }, new TrimCall(range, flags), null, cancellationToken);

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => RunAsync(Next(LogAction.Zero, range) with { Flags = flags }, new ZeroCall(range, flags), null, cancellationToken);

    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => RunAsync(Next(LogAction.Cache, range), new CacheCall(range), null, cancellationToken);

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        var request = Next(LogAction.Extents, range) with { FirstOnly = extents.FirstOnly };
        return RunAsync(request, new ExtentsCall(range, extents), extents, cancellationToken);
    }

    public override void EndBatch()
    {
        _batch.End();
        Inner.EndBatch();
    }

    public override async ValueTask DisposeAsync()
    {
        _batch.WriteOut();
        var line = log.Begin(new LogEvent(LogAction.Disconnect, connection), LogPhase.Print).Decimal("transactions"u8, _transactions);
        await log.WriteAsync(line, connectionClosed);
        await Inner.DisposeAsync();
    }

    private static ZeroFlags FlagsOf(WriteFlags flags) => (flags & WriteFlags.Fua) != 0 ? ZeroFlags.Fua : ZeroFlags.None;

    private LogRequest Next(LogAction action, ByteRange range)
        => new(new LogEvent(action, connection, Interlocked.Increment(ref _transactions)), log.Now, range);

    private ValueTask RunAsync<TCall>(LogRequest request, TCall call, ExtentList? extents, CancellationToken cancellationToken)
        where TCall : struct, IDiskCall
    {
        if (log.HasScript)
        {
            return RunBehindScriptAsync(request, call, extents, cancellationToken);
        }

        var result = Start(call, cancellationToken);
        if (!result.IsCompletedSuccessfully)
        {
            _batch.WriteOut();
            log.Write(request.CallLine());
            return FinishAsync(result, request.Event, extents, cancellationToken);
        }

        // Gives back the result's object, where it is a pooled one.
        result.GetAwaiter().GetResult();
        WriteSuccess(request, extents);
        return ValueTask.CompletedTask;
    }

    private void WriteSuccess(LogRequest request, ExtentList? extents)
        => _batch.Add(Succeeded(request.CallLine().Then(log.Now, request.Event, LogPhase.Leave), extents));

    private async ValueTask RunBehindScriptAsync<TCall>(
        LogRequest request, TCall call, ExtentList? extents, CancellationToken cancellationToken)
        where TCall : struct, IDiskCall
    {
        await log.WriteAsync(request.CallLine(), cancellationToken);
        await FinishAsync(Start(call, cancellationToken), request.Event, extents, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(ValueTask result, LogEvent logEvent, ExtentList? extents, CancellationToken cancellationToken)
    {
        try
        {
            await result;
        }
        catch (Exception e)
        {
            await log.WriteAsync(log.Begin(logEvent, LogPhase.Leave).Failed(ErrorMapping.FromException(e)), cancellationToken);
            throw;
        }

        await log.WriteAsync(Succeeded(log.Begin(logEvent, LogPhase.Leave), extents), cancellationToken);
    }

    private ValueTask Start<TCall>(TCall call, CancellationToken cancellationToken)
        where TCall : struct, IDiskCall
    {
        try
        {
            return call.InvokeAsync(Inner, cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    private static LogLine Succeeded(LogLine line, ExtentList? extents)
        => (extents is null ? line : line.Extents(extents.Extents)).Succeeded();
}
