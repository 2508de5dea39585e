namespace SharpNbd.Interop.Tests;

/// <summary>Every command with every flag that it takes, as libnbd sends them.</summary>
public sealed class NbdshCommandTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task ReadsReturnWhatWasWrittenAtAnyOffsetAndLength(string kind) => RunAsync(kind, """
        h.connect_uri(uri)
        model = bytearray(h.get_size())
        import random
        rnd = random.Random(7)
        for step in range(200):
            offset = rnd.randrange(len(model) - 1)
            count = min(rnd.choice([1, 2, 511, 512, 513, 4096, 70000]), len(model) - offset)
            kind = rnd.randrange(4)
            if kind == 0:
                data = rnd.randbytes(count)
                h.pwrite(data, offset)
                model[offset:offset + count] = data
            elif kind == 1:
                h.zero(count, offset)
                model[offset:offset + count] = bytes(count)
            else:
                assert h.pread(count, offset) == model[offset:offset + count], (step, offset, count)
        assert h.pread(len(model), 0) == model
        """);

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task WritesWithForcedUnitAccessAreRead(string kind) => RunAsync(kind, """
        h.connect_uri(uri)
        assert h.can_fua() and h.can_flush()
        h.pwrite(b"A" * 4096, 0, nbd.CMD_FLAG_FUA)
        h.zero(1024, 1024, nbd.CMD_FLAG_FUA)
        h.trim(512, 8192, nbd.CMD_FLAG_FUA)
        h.flush()
        assert h.pread(4096, 0) == b"A" * 1024 + bytes(1024) + b"A" * 2048
        """);

    [Fact]
    public async Task ZeroesWithoutHolesReadAsZeroesAndKeepTheirSpaceInTheFile()
    {
        await using var server = await DiskServer.StartAsync("file", 4 << 20);

        await Nbdsh.RunAsync(server.Uri, """
            h.connect_uri(uri)
            h.pwrite(b"A" * 1048576, 0)
            h.zero(524288, 0, nbd.CMD_FLAG_NO_HOLE)
            h.zero(524288, 2097152, nbd.CMD_FLAG_NO_HOLE)
            assert h.pread(524288, 0) == bytes(524288)
            assert h.pread(524288, 524288) == b"A" * 524288
            """);

        Assert.True(await SparseImage.AllocatedBlocksAsync(server.DiskPath) >= (1048576 + 524288) / 512);
    }

    [Fact]
    public Task FastZeroOfMemoryIsFastAndZeroes() => RunAsync("memory", """
        h.connect_uri(uri)
        assert h.can_fast_zero()
        h.pwrite(b"A" * 65536, 0)
        h.zero(32768, 0, nbd.CMD_FLAG_FAST_ZERO)
        h.zero(512, 65024, nbd.CMD_FLAG_FAST_ZERO | nbd.CMD_FLAG_NO_HOLE | nbd.CMD_FLAG_FUA)
        assert h.pread(65536, 0) == bytes(32768) + b"A" * (65024 - 32768) + bytes(512)
        """);

    [Fact]
    public Task FastZeroOfAFileZeroesOrSaysThatItIsNotFast() => RunAsync("file", """
        h.connect_uri(uri)
        if h.can_fast_zero():
            h.pwrite(b"A" * 65536, 0)
            answer = errno_of(lambda: h.zero(65536, 0, nbd.CMD_FLAG_FAST_ZERO))
            assert answer in ("OK", "ENOTSUP", "EOPNOTSUPP"), answer
            assert h.pread(65536, 0) == (bytes(65536) if answer == "OK" else b"A" * 65536)
        """);

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task TrimmedDataReadsAsZeroesAndIsAHole(string kind) => RunAsync(kind, """
        h.add_meta_context("base:allocation")
        h.connect_uri(uri)
        h.pwrite(b"A" * 1048576, 0)
        assert extents(h, 1048576, 0)[0][1] == 0
        h.trim(524288, 262144)
        assert h.pread(1048576, 0) == b"A" * 262144 + bytes(524288) + b"A" * 262144
        assert (524288, nbd.STATE_HOLE | nbd.STATE_ZERO) in extents(h, 1048576, 0), extents(h, 1048576, 0)
        """);

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task ReadsThatMayNotBeFragmentedComeWhole(string kind) => RunAsync(kind, """
        h.connect_uri(uri)
        assert h.get_structured_replies_negotiated() and h.can_df()
        h.pwrite(b"A" * 4096, 1048576)
        pieces = []
        def piece(data, offset, status, error):
            pieces.append((offset, len(data), status))
        got = h.pread_structured(2097152, 0, piece, nbd.CMD_FLAG_DF)
        assert got == bytes(1048576) + b"A" * 4096 + bytes(1044480)
        assert pieces == [(0, 2097152, nbd.READ_DATA)], pieces
        """);

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task BlockStatusForOneExtentGivesOneThatStaysInside(string kind) => RunAsync(kind, """
        h.add_meta_context("base:allocation")
        h.connect_uri(uri)
        h.pwrite(b"A" * 65536, 65536)
        hole = nbd.STATE_HOLE | nbd.STATE_ZERO
        assert extents(h, 65536, 0, nbd.CMD_FLAG_REQ_ONE) == [(65536, hole)]
        assert extents(h, 196608, 65536, nbd.CMD_FLAG_REQ_ONE) == [(65536, 0)]
        assert extents(h, 1000, 131072 + 100, nbd.CMD_FLAG_REQ_ONE) == [(1000, hole)]
        assert extents(h, 196608, 0)[:2] == [(65536, hole), (65536, 0)]
        """);

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task CacheIsAcceptedAndChangesNothing(string kind) => RunAsync(kind, """
        h.connect_uri(uri)
        assert h.can_cache()
        h.pwrite(b"A" * 4096, 0)
        h.cache(65536, 0)
        assert h.pread(4096, 0) == b"A" * 4096
        """);

    [Fact]
    public Task WithoutStructuredRepliesEverythingElseWorks() => RunAsync("memory", """
        h.set_request_structured_replies(False)
        h.connect_uri(uri)
        assert not h.get_structured_replies_negotiated() and not h.can_df()
        h.pwrite(b"A" * 4096, 512)
        assert h.pread(4608, 0) == bytes(512) + b"A" * 4096
        h.set_strict_mode(0)
        assert errno_of(lambda: h.pread(512, 0, nbd.CMD_FLAG_DF)) == "EINVAL"
        assert errno_of(lambda: h.pread(512, h.get_size())) == "EINVAL"
        assert h.pread(512, 512) == b"A" * 512
        """);

    [Fact]
    public Task ManyRequestsInFlightAreAllAnswered() => RunAsync("memory", """
        h.connect_uri(uri)
        block = 4096
        count = h.get_size() // block
        writes = [h.aio_pwrite(nbd.Buffer.from_bytearray(bytearray([i % 251]) * block), i * block) for i in range(count)]
        while h.aio_in_flight() > 0:
            h.poll(-1)
        assert all(h.aio_command_completed(cookie) for cookie in writes)
        buffers = [nbd.Buffer(block) for i in range(count)]
        reads = [h.aio_pread(buffers[i], i * block) for i in reversed(range(count))]
        while h.aio_in_flight() > 0:
            h.poll(-1)
        assert all(h.aio_command_completed(cookie) for cookie in reads) is True
        """);

    [Fact]
    public Task EverythingWrittenOnOneConnectionIsSeenOnAnotherAfterAFlush() => RunAsync("memory", """
        h.connect_uri(uri)
        other = nbd.NBD()
        other.connect_uri(uri)
        assert h.can_multi_conn() and other.can_multi_conn()
        for i in range(50):
            h.pwrite(bytes([i]) * 4096, i * 100)
            h.flush()
            assert other.pread(4096, i * 100) == bytes([i]) * 4096
        """);

    private static async Task RunAsync(string kind, string script)
    {
        await using var server = await DiskServer.StartAsync(kind, 4 << 20);
        await Nbdsh.RunAsync(server.Uri, script);
        await server.Program.StopAsync();
    }
}
