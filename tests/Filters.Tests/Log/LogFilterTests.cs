using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

/// <summary>The lines of the log, compared as a whole with those that nbdkit writes for the same requests.</summary>
public sealed class LogFilterTests
{
    private const string Connected = "export=\"\" tls=0 size=0x100000 minsize=0x0 prefsize=0x0 maxsize=0x0 write=1 flush=1 rotational=0"
        + " trim=1 zero=2 fua=2 extents=1 cache=2 fast_zero=1";

    [Fact]
    public void Without_file_and_script_the_filter_is_not_there()
    {
        var source = new StaticSource(new RecordingDisk());

        Assert.Same(source, new FilterUnderTest(new LogFilter()).Wrap(source, "logappend=true"));
    }

    [Fact]
    public async Task Every_request_has_a_line_when_it_comes_and_one_when_it_is_done()
    {
        await using var session = await LogSession.StartAsync(new RecordingDisk());
        var disk = await session.OpenAsync();
        await disk.ReadAsync(0, new byte[512], default);
        await disk.WriteAsync(0x1000, new byte[0x1000], WriteFlags.None, default);
        await disk.WriteAsync(0x2000, new byte[1], WriteFlags.Fua, default);
        await disk.TrimAsync(new ByteRange(0x1000, 0x1000), WriteFlags.None, default);
        await disk.TrimAsync(new ByteRange(0x1000, 0x1000), WriteFlags.Fua, default);
        await disk.ZeroAsync(new ByteRange(0, 0x1000), ZeroFlags.MayTrim, default);
        await disk.ZeroAsync(new ByteRange(0, 0x1000), ZeroFlags.Fua | ZeroFlags.Fast, default);
        await disk.CacheAsync(new ByteRange(0, 0xabcdef), default);
        await disk.FlushAsync(default);
        await disk.GetExtentsAsync(new ByteRange(0, 0x100000), new ExtentList(new ByteRange(0, 0x100000)), default);
        await disk.GetExtentsAsync(new ByteRange(512, 512), new ExtentList(new ByteRange(512, 512), firstOnly: true), default);
        await disk.DisposeAsync();

        Assert.Equal(
        [
            $"connection=1 Connect {Connected}",
            "connection=1 Read id=1 offset=0x0 count=0x200 ...",
            "connection=1 ...Read id=1 return=0",
            "connection=1 Write id=2 offset=0x1000 count=0x1000 fua=0 ...",
            "connection=1 ...Write id=2 return=0",
            "connection=1 Write id=3 offset=0x2000 count=0x1 fua=1 ...",
            "connection=1 ...Write id=3 return=0",
            "connection=1 Trim id=4 offset=0x1000 count=0x1000 fua=0 ...",
            "connection=1 ...Trim id=4 return=0",
            "connection=1 Trim id=5 offset=0x1000 count=0x1000 fua=1 ...",
            "connection=1 ...Trim id=5 return=0",
            "connection=1 Zero id=6 offset=0x0 count=0x1000 trim=1 fua=0 fast=0 ...",
            "connection=1 ...Zero id=6 return=0",
            "connection=1 Zero id=7 offset=0x0 count=0x1000 trim=0 fua=1 fast=1 ...",
            "connection=1 ...Zero id=7 return=0",
            "connection=1 Cache id=8 offset=0x0 count=0xabcdef ...",
            "connection=1 ...Cache id=8 return=0",
            "connection=1 Flush id=9 ...",
            "connection=1 ...Flush id=9 return=0",
            "connection=1 Extents id=10 offset=0x0 count=0x100000 req_one=0 ...",
            "connection=1 ...Extents id=10 extents=(0x0 0x100000 \"\") return=0",
            "connection=1 Extents id=11 offset=0x200 count=0x200 req_one=1 ...",
            "connection=1 ...Extents id=11 extents=(0x200 0x200 \"\") return=0",
            "connection=1 Disconnect transactions=11",
        ], session.ConnectionLines);
    }

    [Fact]
    public async Task The_life_of_the_server_is_logged()
    {
        var inner = new StaticSource(new RecordingDisk()) { Exports = [new ExportInfo("a b"), new ExportInfo("plain", "never shown"), new ExportInfo("")] };
        await using var session = await LogSession.StartAsync(inner);
        await session.Source.EnteredBackgroundAsync(default);
        await session.Source.PreconnectAsync(new ListRequest(ReadOnly: false, IsTls: false), default);
        await session.Source.PreconnectAsync(new ListRequest(ReadOnly: true, IsTls: false), default);
        await session.Source.ListExportsAsync(new ListRequest(ReadOnly: true, IsTls: true), default);
        await session.Source.GetDefaultExportAsync(new ListRequest(ReadOnly: true, IsTls: true), default);

        Assert.Equal(
        [
            "Ready thread_model=3",
            "Fork",
            "Preconnect id=1 readonly=0 ...",
            "...Preconnect id=1 return=0",
            "Preconnect id=2 readonly=1 ...",
            "...Preconnect id=2 return=0",
            "ListExports id=1 readonly=1 tls=1 ...",
            "...ListExports id=1 exports=(\"a b\" plain \"\") return=0",
        ], session.Lines.Select(line => line[LogSession.Noon.Length..]));
    }

    [Fact]
    public async Task The_thread_model_is_that_of_the_whole_chain()
    {
        await using var session = await LogSession.StartAsync(new StaticSource(new RecordingDisk()) { OfferedThreadModel = ThreadModel.SerializeAllRequests });

        Assert.Equal([LogSession.Noon + "Ready thread_model=1"], session.Lines);
    }

    [Fact]
    public async Task A_list_or_a_connection_that_is_refused_is_logged_with_its_error()
    {
        await using var session = await LogSession.StartAsync(new RefusingSource());

        await Assert.ThrowsAsync<NbdException>(async () => await session.Source.PreconnectAsync(default, default));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await session.Source.ListExportsAsync(default, default));

        Assert.Equal(
        [
            "Preconnect id=1 readonly=0 ...",
            "...Preconnect id=1 return=-1 error=ENOMEM",
            "ListExports id=1 readonly=0 tls=0 ...",
            "...ListExports id=1 return=-1 error=EPERM",
        ], session.Lines[1..].Select(line => line[LogSession.Noon.Length..]));
    }

    [Fact]
    public async Task Connections_are_numbered_as_they_are_opened_and_a_failed_one_takes_no_number()
    {
        var inner = new StaticSource(request => request.ExportName == "bad" ? throw new NbdException(NbdError.EIO, "bad") : new RecordingDisk());
        await using var session = await LogSession.StartAsync(inner);

        var first = await session.OpenAsync("first");
        await Assert.ThrowsAsync<NbdException>(() => session.OpenAsync("bad"));
        var second = await session.OpenAsync("second");
        await second.FlushAsync(default);
        await first.DisposeAsync();
        await second.DisposeAsync();

        Assert.Equal(
        [
            $"connection=1 Connect {Connected.Replace("\"\"", "first", StringComparison.Ordinal)}",
            $"connection=2 Connect {Connected.Replace("\"\"", "second", StringComparison.Ordinal)}",
            "connection=2 Flush id=1 ...",
            "connection=2 ...Flush id=1 return=0",
            "connection=1 Disconnect transactions=0",
            "connection=2 Disconnect transactions=1",
        ], session.ConnectionLines);
    }

    [Fact]
    public async Task What_a_disk_can_do_is_logged_when_it_is_opened()
    {
        var some = new DiskCapabilities
        {
            CanWrite = true, Zero = Support.Emulated, Cache = Support.Emulated, IsRotational = true, BlockSize = new BlockSize(1, 4096, 0x4000000),
        };
        await using var session = await LogSession.StartAsync(new RecordingDisk(long.MaxValue) { OfferedCapabilities = some });
        await session.Source.OpenAsync(new OpenRequest { IsTls = true }, default);

        Assert.Equal(
            ["connection=1 Connect export=\"\" tls=1 size=0x7fffffffffffffff minsize=0x1 prefsize=0x1000 maxsize=0x4000000 write=1 flush=0"
                + " rotational=1 trim=0 zero=1 fua=0 extents=0 cache=1 fast_zero=0"], session.ConnectionLines);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_offers_nothing_that_writes()
    {
        var inner = new RecordingDisk { OfferedCapabilities = RecordingDisk.Everything with { CanWrite = false } };
        await using var session = await LogSession.StartAsync(inner);
        await session.OpenAsync();

        Assert.Equal(
            ["connection=1 Connect export=\"\" tls=0 size=0x100000 minsize=0x0 prefsize=0x0 maxsize=0x0 write=0 flush=1"
                + " rotational=0 trim=0 zero=0 fua=0 extents=1 cache=2 fast_zero=0"], session.ConnectionLines);
    }

    [Theory]
    [InlineData(NbdError.EPERM)]
    [InlineData(NbdError.EIO)]
    [InlineData(NbdError.ENOMEM)]
    [InlineData(NbdError.EINVAL)]
    [InlineData(NbdError.ENOSPC)]
    [InlineData(NbdError.EOVERFLOW)]
    [InlineData(NbdError.ENOTSUP)]
    [InlineData(NbdError.ESHUTDOWN)]
    public async Task A_failed_request_is_logged_with_its_error(NbdError error)
    {
        var cause = new NbdException(error, "no");
        await using var session = await LogSession.StartAsync(new RecordingDisk { Fails = _ => cause });
        var disk = await session.OpenAsync();
        foreach (var name in DiskCalls.Names)
        {
            Assert.Same(cause, await Record.ExceptionAsync(() => DiskCalls.MakeAsync(disk, name)));
        }

        Assert.Equal(
            ((string[])["Read", "Write", "Trim", "Zero", "Extents", "Cache", "Flush"])
                .Select((action, i) => $"connection=1 ...{action} id={i + 1} return=-1 error={error}"),
            session.ConnectionLines.Where(line => line.Contains("...", StringComparison.Ordinal) && line.Contains("return", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_request_under_way_shows_in_the_log_and_may_fail_later()
    {
        var inner = new RecordingDisk { CompletesAtOnce = false };
        await using var session = await LogSession.StartAsync(inner);
        var disk = await session.OpenAsync();
        var read = DiskCalls.MakeAsync(disk, "pread");
        var write = DiskCalls.MakeAsync(disk, "pwrite");
        Assert.Equal(
            ["connection=1 Read id=1 offset=0x0 count=0x200 ...", "connection=1 Write id=2 offset=0x0 count=0x200 fua=0 ..."],
            session.ConnectionLines[1..]);

        inner.Calls[1].Complete();
        await write;
        inner.Calls[0].Fail(new IOException("full", 28));
        await Assert.ThrowsAsync<IOException>(() => read);

        Assert.Equal(
            ["connection=1 ...Write id=2 return=0", "connection=1 ...Read id=1 return=-1 error=ENOSPC"], session.ConnectionLines[3..]);
    }

    private sealed class RefusingSource : DiskSource
    {
        public override ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken)
            => throw new NbdException(NbdError.ENOMEM, "no");

        public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
            => ValueTask.FromException<IReadOnlyList<ExportInfo>>(new UnauthorizedAccessException());

        public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
