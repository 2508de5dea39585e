using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>What a request that cannot be served is answered with; the connection goes on.</summary>
public sealed class NbdshErrorTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task RequestsThatBreakTheRulesGetTheRightErrnoAndTheConnectionGoesOn(string kind)
    {
        await using var server = await DiskServer.StartAsync(kind, 64 << 20);

        await Nbdsh.RunAsync(server.Uri, """
            h.add_meta_context("base:allocation")
            h.set_strict_mode(0)
            h.connect_uri(uri)
            size = h.get_size()
            status = lambda *_: 0
            h.pwrite(b"A" * 512, 0)
            for wanted, request in [
                ("EINVAL", lambda: h.pread(512, size)),
                ("EINVAL", lambda: h.pread(1024, size - 512)),
                ("ENOSPC", lambda: h.pwrite(b"x" * 512, size)),
                ("ENOSPC", lambda: h.pwrite(b"x" * 1024, size - 512)),
                ("EINVAL", lambda: h.trim(512, size)),
                ("ENOSPC", lambda: h.zero(512, size)),
                ("EINVAL", lambda: h.cache(512, size)),
                ("EINVAL", lambda: h.block_status(512, size, status)),
                ("EINVAL", lambda: h.pread(512, 1 << 63)),
                ("EINVAL", lambda: h.pread(512, (1 << 64) - 256)),
                ("ENOSPC", lambda: h.pwrite(b"x" * 512, (1 << 64) - 256)),
                ("EINVAL", lambda: h.pread(0, 0)),
                ("ENOSPC", lambda: h.pwrite(b"", 0)),
                ("EINVAL", lambda: h.trim(0, 0)),
                ("ENOSPC", lambda: h.zero(0, 0)),
                ("EINVAL", lambda: h.cache(0, 0)),
                ("EINVAL", lambda: h.block_status(0, 0, status)),
                ("EINVAL", lambda: h.pread(512, 0, nbd.CMD_FLAG_NO_HOLE)),
                ("EINVAL", lambda: h.pread(512, 0, nbd.CMD_FLAG_REQ_ONE)),
                ("EINVAL", lambda: h.pwrite(b"x" * 512, 0, nbd.CMD_FLAG_NO_HOLE)),
                ("EINVAL", lambda: h.pwrite(b"x" * 512, 0, nbd.CMD_FLAG_DF)),
                ("EINVAL", lambda: h.trim(512, 0, nbd.CMD_FLAG_FAST_ZERO)),
                ("EINVAL", lambda: h.zero(512, 0, nbd.CMD_FLAG_DF)),
                ("EINVAL", lambda: h.cache(512, 0, nbd.CMD_FLAG_NO_HOLE)),
                ("EINVAL", lambda: h.flush(nbd.CMD_FLAG_DF)),
                ("EINVAL", lambda: h.pread(512, 0, 1 << 14)),
                ("OK", lambda: h.pread(512, 0, nbd.CMD_FLAG_FUA)),
                ("OK", lambda: h.flush(nbd.CMD_FLAG_FUA)),
                ("OK", lambda: h.cache(512, 0, nbd.CMD_FLAG_FUA)),
                ("OK", lambda: h.block_status(512, 0, status, nbd.CMD_FLAG_FUA)),
                ("OK", lambda: h.pread(64 << 20, 0)),
            ]:
                got = errno_of(request)
                import inspect
                assert got == wanted, (inspect.getsource(request).strip(), got, wanted)
            assert h.pread(1024, 0) == b"A" * 512 + bytes(512)
            """);
    }

    [Fact]
    public async Task EveryChangeOfAReadOnlyExportIsRefused()
    {
        await using var server = await DiskServer.StartAsync("memory", 1 << 20, "-r");

        await Nbdsh.RunAsync(server.Uri, """
            h.set_strict_mode(0)
            h.connect_uri(uri)
            assert h.is_read_only()
            assert errno_of(lambda: h.pwrite(b"x" * 512, 0)) == "EPERM"
            assert errno_of(lambda: h.trim(512, 0)) == "EPERM"
            assert errno_of(lambda: h.zero(512, 0)) == "EPERM"
            assert h.pread(512, 0) == bytes(512)
            """);
    }

    [Fact]
    public async Task BlockStatusWithoutAContextIsRefused()
    {
        await using var server = await DiskServer.StartAsync("memory", 1 << 20);

        await Nbdsh.RunAsync(server.Uri, """
            h.set_strict_mode(0)
            h.connect_uri(uri)
            assert errno_of(lambda: h.block_status(512, 0, lambda *_: 0)) == "EINVAL"
            assert h.pread(512, 0) == bytes(512)
            """);
    }

    [Fact]
    public async Task AnErrorOfTheDiskReachesTheClientAndIsLoggedInOneLine()
    {
        await using var server = await SharpNbdProgram.StartAsync("--filter=error", "memory", "1M", "error-pread=ENOSPC", "error-rate=100%");

        await Nbdsh.RunAsync(server.Uri, """
            h.connect_uri(uri)
            assert errno_of(lambda: h.pread(512, 0)) == "ENOSPC"
            assert errno_of(lambda: h.pread(512, 0)) == "ENOSPC"
            h.shutdown()
            """);
        await server.StopAsync();

        Assert.Equal(2, server.Errors.Lines.Count);
    }
}
