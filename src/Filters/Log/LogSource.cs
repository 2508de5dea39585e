using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal sealed class LogSource(DiskSource inner, LogOptions options, ComponentContext context) : SourceFilter(inner)
{
    private LogWriter? _log;
    private long _connections;
    private long _preconnects;
    private long _lists;

    // Opened late, so that a start that fails for another reason leaves an existing log alone.
    private LogWriter Log => _log ?? throw new InvalidOperationException("the source is not ready");

    public override async ValueTask ReadyAsync(ThreadModel threadModel, CancellationToken cancellationToken)
    {
        _log = LogWriter.Open(options, context);
        var line = Log.Begin(new LogEvent(LogAction.Ready), LogPhase.Print).Decimal("thread_model"u8, (int)threadModel);
        await Log.WriteAsync(line, cancellationToken);
        await Inner.ReadyAsync(threadModel, cancellationToken);
    }

    public override async ValueTask EnteredBackgroundAsync(CancellationToken cancellationToken)
    {
        await Log.WriteAsync(Log.Begin(new LogEvent(LogAction.Fork), LogPhase.Print), cancellationToken);
        await Inner.EnteredBackgroundAsync(cancellationToken);
    }

    public override async ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var logEvent = new LogEvent(LogAction.Preconnect, Id: Interlocked.Increment(ref _preconnects));
        await Log.WriteAsync(Log.Begin(logEvent, LogPhase.Enter).Flag("readonly"u8, request.ReadOnly), cancellationToken);
        try
        {
            await Inner.PreconnectAsync(request, cancellationToken);
        }
        catch (Exception e)
        {
            await WriteFailureAsync(logEvent, e, cancellationToken);
            throw;
        }

        await Log.WriteAsync(Log.Begin(logEvent, LogPhase.Leave).Succeeded(), cancellationToken);
    }

    public override async ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var logEvent = new LogEvent(LogAction.ListExports, Id: Interlocked.Increment(ref _lists));
        var line = Log.Begin(logEvent, LogPhase.Enter).Flag("readonly"u8, request.ReadOnly).Flag("tls"u8, request.IsTls);
        await Log.WriteAsync(line, cancellationToken);
        IReadOnlyList<ExportInfo> exports;
        try
        {
            exports = await Inner.ListExportsAsync(request, cancellationToken);
        }
        catch (Exception e)
        {
            await WriteFailureAsync(logEvent, e, cancellationToken);
            throw;
        }

        await Log.WriteAsync(Log.Begin(logEvent, LogPhase.Leave).Exports(exports).Succeeded(), cancellationToken);
        return exports;
    }

    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        // A disk that cannot be opened leaves no line and takes no number.
        var disk = await Inner.OpenAsync(request, cancellationToken);
        var connection = Interlocked.Increment(ref _connections);
        await Log.WriteAsync(ConnectLine(connection, request, disk), cancellationToken);
        return new LogDisk(disk, Log, connection, request.ConnectionClosed);
    }

    public override async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        _log?.Dispose();
    }

    private LogLine ConnectLine(long connection, OpenRequest request, Disk disk)
    {
        // What cannot be written offers nothing that writes, whatever else its capabilities say.
        var can = disk.Capabilities;
        var whenWritable = can.CanWrite ? can : can with { CanTrim = false, Zero = Support.None, Fua = Support.None, CanFastZero = false };
        return Log.Begin(new LogEvent(LogAction.Connect, connection), LogPhase.Print)
            .Text("export"u8, request.ExportName)
            .Flag("tls"u8, request.IsTls)
            .Hex("size"u8, disk.Size)
            .Hex("minsize"u8, can.BlockSize?.Minimum ?? 0)
            .Hex("prefsize"u8, can.BlockSize?.Preferred ?? 0)
            .Hex("maxsize"u8, can.BlockSize?.Maximum ?? 0)
            .Flag("write"u8, can.CanWrite)
            .Flag("flush"u8, can.CanFlush)
            .Flag("rotational"u8, can.IsRotational)
            .Flag("trim"u8, whenWritable.CanTrim)
            .Decimal("zero"u8, (int)whenWritable.Zero)
            .Decimal("fua"u8, (int)whenWritable.Fua)
            .Flag("extents"u8, can.CanExtents)
            .Decimal("cache"u8, (int)can.Cache)
            .Flag("fast_zero"u8, whenWritable.CanFastZero);
    }

    private ValueTask WriteFailureAsync(LogEvent logEvent, Exception e, CancellationToken cancellationToken)
        => Log.WriteAsync(Log.Begin(logEvent, LogPhase.Leave).Failed(ErrorMapping.FromException(e)), cancellationToken);
}
