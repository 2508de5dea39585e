using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Our log of a client's requests is nbdkit's.</summary>
public sealed class LogComparisonTests
{
    private const string Requests = """
        h = client()
        size = h.get_size()
        for request in [
            lambda: h.pread(512, 0),
            lambda: h.pread(1, size - 1),
            lambda: h.pwrite(b"x" * 4096, 4096),
            lambda: h.pwrite(b"x" * 1001, 8193),
            lambda: h.pwrite(b"x" * 512, 512, nbd.CMD_FLAG_FUA),
            lambda: h.pread(65536, 0, nbd.CMD_FLAG_DF),
            lambda: h.trim(4096, 4096),
            lambda: h.trim(512, 512, nbd.CMD_FLAG_FUA),
            lambda: h.zero(4096, 0),
            lambda: h.zero(4096, 65536, nbd.CMD_FLAG_NO_HOLE),
            lambda: h.zero(size, 0, nbd.CMD_FLAG_FUA),
            lambda: h.cache(4096, 0),
            lambda: h.flush(),
            lambda: h.block_status(size, 0, status),
            lambda: h.block_status(512, 512, status, nbd.CMD_FLAG_REQ_ONE),
            # What the server refuses by itself leaves no line.
            lambda: h.pread(512, size),
            lambda: h.pwrite(b"x" * 512, size - 1),
            lambda: h.trim(512, size),
            lambda: h.zero(512, size),
            lambda: h.cache(512, size),
            lambda: h.block_status(512, size, status),
            lambda: h.pread(0, 0),
            lambda: h.pread(512, 0, nbd.CMD_FLAG_NO_HOLE),
        ]:
            attempt(request)
        h.pread(512, 512)
        h.shutdown()

        """;

    private const string Connections = """
        # An option, or nothing at all, and gone.
        lone = socket.socket(socket.AF_UNIX)
        lone.connect(path)
        lone.recv(18)
        lone.close()
        for wish in ["list", "info", "abort"]:
            h = nbd.NBD()
            h.set_opt_mode(True)
            h.connect_unix(path)
            if wish == "list":
                h.opt_list(lambda *_: 0)
            if wish == "info":
                h.opt_info()
                h.opt_info()
                h.opt_go()
                h.pread(1, 0)
                h.shutdown()
            else:
                h.opt_abort()

        # Several at a time are numbered as they come, and each counts its own requests.
        a, b = client(), client()
        b.pread(512, 0)
        a.pread(512, 0)
        b.pread(512, 512)
        a.shutdown()
        b.shutdown()

        """;

    private const string KilledClient = """
        killed = os.fork()
        if killed == 0:
            client().pread(512, 0)
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(killed, 0)

        """;

    private const string Failures = """
        h = client()
        for when in ["before", "during", "after"]:
            if when == "during":
                open(place + "/now", "w").close()
            if when == "after":
                os.unlink(place + "/now")
            for request in [lambda: h.pread(512, 0), lambda: h.pwrite(b"x" * 512, 0), lambda: h.trim(512, 0), lambda: h.zero(512, 0),
                            lambda: h.cache(512, 0), lambda: h.block_status(512, 0, status), lambda: h.flush()]:
                attempt(request)
        h.shutdown()

        """;

    [Fact]
    public Task RequestsToMemory() => ComparedLog.ExpectEqualAsync(
        Requests + Connections + KilledClient, "--filter=log", "memory", "size=1M");

    [Fact]
    public Task RequestsToAFile() => ComparedLog.ExpectEqualAsync(
        Requests + Connections + KilledClient, "--filter=log", "file", "{place}/exports/disk");

    [Fact]
    public Task RequestsToAReadOnlyServer() => ComparedLog.ExpectEqualAsync(Requests, "-r", "--filter=log", "memory", "size=1M");

    [Fact]
    public Task TheTwoKindsOfFastZero() => ComparedLog.ExpectEqualAsync("""
        h = client()
        h.zero(512, 0, nbd.CMD_FLAG_FAST_ZERO)
        h.zero(512, 0, nbd.CMD_FLAG_FAST_ZERO | nbd.CMD_FLAG_NO_HOLE | nbd.CMD_FLAG_FUA)
        h.shutdown()
        """, "--filter=log", "memory", "size=1M");

    [Fact]
    public Task ExportsOfADirectory() => ComparedLog.ExpectEqualAsync("""
        h = nbd.NBD()
        h.set_opt_mode(True)
        h.connect_unix(path)
        h.opt_list(lambda *_: 0)
        h.set_export_name("disk")
        h.opt_go()
        h.pread(512, 0)
        h.shutdown()
        attempt(lambda: client("nosuch"))
        client("disk").shutdown()
        """, "--filter=log", "file", "dir={place}/exports");

    [Fact]
    public Task OddNames() => ComparedLog.ExpectEqualAsync("""
        for code in range(1, 127):
            client("x" + chr(code)).shutdown()
        for name in ["", "plain", "a b", "it's", 'my "name"', "$HOME `id` \\", "ünïcode €𝄞", "two\nlines", "x" * 4000]:
            client(name).shutdown()
        """, "--filter=log", "memory", "size=1M");

    [Theory]
    [InlineData("error-rate=100% error-file={place}/now")]
    [InlineData("error-rate=1 error-file={place}/now error-pread-rate=0 error-zero=ENOSPC error-trim-file=/")]
    [InlineData("error-pread=EPERM error=ENOMEM error-pwrite=EINVAL error-cache=ESHUTDOWN error-pread-rate=0 error-rate=1")]
    public Task ErrorsThatAreInjected(string parameters) => ComparedLog.ExpectEqualAsync(
        Failures, ["--filter=log", "--filter=error", "memory", "size=1M", .. parameters.Split(' ')]);

    [Fact]
    public Task RequestsThatAreDelayed() => ComparedLog.ExpectEqualAsync(
        Requests + """
        h = client()
        attempt(lambda: h.zero(512, 0, nbd.CMD_FLAG_FAST_ZERO))
        h.zero(512, 0)
        h.shutdown()
        """,
        "--filter=log", "--filter=delay", "memory", "size=1M", "rdelay=2ms", "wdelay=1ms", "delay-extents=1ms", "delay-cache=1ms",
        "delay-open=1ms", "delay-close=1ms", "delay-fast-zero=false");

    [Fact]
    public Task AServerThatIsStoppedWhileAClientIsConnected() => ComparedLog.ExpectEqualAsync("""
        h = client()
        h.pread(512, 0)
        os.kill(pid, signal.SIGTERM)
        attempt(h.shutdown)
        """, "--filter=log", "memory", "size=1M");

    [Fact]
    public Task ALogBehindAnotherFilterShowsWhatTheFilterLetsThrough() => ComparedLog.ExpectEqualAsync(
        Failures, "--filter=error", "--filter=log", "memory", "size=1M", "error-rate=1", "error-file={place}/now");

    [Fact]
    public Task ALogThatIsContinued() => ComparedLog.ExpectEqualAsync(
        Requests, "--filter=log", "memory", "size=1M", "logappend=true");
}
