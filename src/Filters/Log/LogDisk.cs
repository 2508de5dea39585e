using System.Runtime.CompilerServices;
using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal sealed class LogDisk(Disk inner, LogWriter log, long connection, CancellationToken connectionClosed) : DiskFilter(inner)
{
    private long _transactions;

    protected override bool PassesReads => false;

    // Lending is a read that is over at once: its two lines are written here, unless a script has to run in between.
    public override bool TryLend(long offset, int length, out LentMemory memory)
    {
        if (log.HasScript || !Inner.TryLend(offset, length, out memory))
        {
            memory = default;
            return false;
        }

        var logEvent = Next(LogAction.Read);
        log.Write(log.Begin(logEvent, LogPhase.Enter).Range(offset, length));
        log.Write(SuccessLine(logEvent, null));
        return true;
    }

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var logEvent = Next(LogAction.Read);
        var line = log.Begin(logEvent, LogPhase.Enter).Range(offset, buffer.Length);
        return RunAsync(logEvent, line, new ReadCall(offset, buffer), null, cancellationToken);
    }

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        var logEvent = Next(LogAction.Write);
        var line = log.Begin(logEvent, LogPhase.Enter).Range(offset, data.Length).Flag("fua"u8, (flags & WriteFlags.Fua) != 0);
        return RunAsync(logEvent, line, new WriteCall(offset, data, flags), null, cancellationToken);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var logEvent = Next(LogAction.Flush);
        return RunAsync(logEvent, log.Begin(logEvent, LogPhase.Enter), default(FlushCall), null, cancellationToken);
    }

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
    {
        var logEvent = Next(LogAction.Trim);
        var line = log.Begin(logEvent, LogPhase.Enter).Range(range.Offset, range.Length).Flag("fua"u8, (flags & WriteFlags.Fua) != 0);
        return RunAsync(logEvent, line, new TrimCall(range, flags), null, cancellationToken);
    }

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        var logEvent = Next(LogAction.Zero);
        var line = log.Begin(logEvent, LogPhase.Enter).Range(range.Offset, range.Length)
            .Flag("trim"u8, (flags & ZeroFlags.MayTrim) != 0)
            .Flag("fua"u8, (flags & ZeroFlags.Fua) != 0)
            .Flag("fast"u8, (flags & ZeroFlags.Fast) != 0);
        return RunAsync(logEvent, line, new ZeroCall(range, flags), null, cancellationToken);
    }

    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
    {
        var logEvent = Next(LogAction.Cache);
        var line = log.Begin(logEvent, LogPhase.Enter).Range(range.Offset, range.Length);
        return RunAsync(logEvent, line, new CacheCall(range), null, cancellationToken);
    }

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        var logEvent = Next(LogAction.Extents);
        var line = log.Begin(logEvent, LogPhase.Enter).Range(range.Offset, range.Length).Flag("req_one"u8, extents.FirstOnly);
        return RunAsync(logEvent, line, new ExtentsCall(range, extents), extents, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        var line = log.Begin(new LogEvent(LogAction.Disconnect, connection), LogPhase.Print).Decimal("transactions"u8, _transactions);
        await log.WriteAsync(line, connectionClosed);
        await Inner.DisposeAsync();
    }

    private LogEvent Next(LogAction action) => new(action, connection, Interlocked.Increment(ref _transactions));

    private ValueTask RunAsync<TCall>(LogEvent logEvent, LogLine line, TCall call, ExtentList? extents, CancellationToken cancellationToken)
        where TCall : struct, IDiskCall
    {
        var entered = log.WriteAsync(line, cancellationToken);
        if (!entered.IsCompletedSuccessfully)
        {
            return RunBehindScriptAsync(entered, logEvent, call, extents, cancellationToken);
        }

        var result = Start(call, cancellationToken);
        if (!result.IsCompletedSuccessfully)
        {
            return FinishAsync(result, logEvent, extents, cancellationToken);
        }

        // Gives back the result's object, where it is a pooled one.
        result.GetAwaiter().GetResult();
        return log.WriteAsync(SuccessLine(logEvent, extents), cancellationToken);
    }

    private async ValueTask RunBehindScriptAsync<TCall>(
        ValueTask entered, LogEvent logEvent, TCall call, ExtentList? extents, CancellationToken cancellationToken)
        where TCall : struct, IDiskCall
    {
        await entered;
        await FinishAsync(Start(call, cancellationToken), logEvent, extents, cancellationToken);
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

        await log.WriteAsync(SuccessLine(logEvent, extents), cancellationToken);
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

    private LogLine SuccessLine(LogEvent logEvent, ExtentList? extents)
    {
        var line = log.Begin(logEvent, LogPhase.Leave);
        return (extents is null ? line : line.Extents(extents.Extents)).Succeeded();
    }
}
