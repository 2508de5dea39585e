using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Reads of a file that is not in the page cache, which the kernel takes many at a time where it can, and I/O threads elsewhere.</summary>
public sealed class ColdReadTests
{
    private const int Size = 16 << 20;

    /// <summary>More reads at once than a ring has places, of lengths that begin and end anywhere, each compared with the file.</summary>
    private const string Reads = """
        import random
        def read_all(path, seed):
            rnd = random.Random(seed)
            content = open(path, "rb").read()
            os.posix_fadvise(os.open(path, os.O_RDONLY), 0, 0, os.POSIX_FADV_DONTNEED)
            h.connect_uri(uri)
            wanted = [(rnd.randrange(len(content) - 65536), rnd.choice((1, 512, 4096, 5000, 65536))) for _ in range(600)]
            buffers = [nbd.Buffer(length) for _, length in wanted]
            failures = []
            cookies = [h.aio_pread(b, at, completion=lambda e: failures.append(e.value) if e.value else None)
                       for b, (at, _) in zip(buffers, wanted)]
            while h.aio_in_flight() > 0:
                h.poll(-1)
            assert failures == [], failures
            for b, (at, length) in zip(buffers, wanted):
                assert b.to_bytearray() == content[at:at + length], (at, length)
            h.shutdown()
        import os
        """;

    [Theory]
    [InlineData(null)]
    [InlineData("io_uring_setup:error=ENOSYS")]
    [InlineData("io_uring_setup:error=EPERM")]
    [InlineData("eventfd2:error=EMFILE:when=1+")]
    public async Task TheyBringTheRightBytesWhateverTheKernelOffers(string? inject)
    {
        using var directory = new TemporaryDirectory();
        var path = await FullAsync(directory["disk"]);
        string[] wrapper =
        [
            Tool.Require("strace").Path, "-D", "-f", "-o", directory["trace"], "-e", "trace=io_uring_setup,eventfd2",
            .. inject is null ? [] : (string[])["-e", $"inject={inject}"],
        ];
        await using (var server = await WrappedServer.StartAsync(directory, wrapper, "file", path, "fadvise=random"))
        {
            await Nbdsh.RunAsync(server.Uri, $"{Reads}\nread_all('{path}', 5)");
            await server.StopAsync();
        }

        var trace = await File.ReadAllTextAsync(directory["trace"]);
        Assert.Contains("io_uring_setup(", trace, StringComparison.Ordinal);
        Assert.Equal(inject is not null, trace.Contains("(INJECTED)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NothingOfThemIsLeftWhenTheConnectionEnds()
    {
        using var directory = new TemporaryDirectory();
        var path = await FullAsync(directory["disk"]);
        await using var server = await SharpNbdProgram.StartAsync("file", path, "fadvise=random");
        var before = ProcessFigures.Of(server.ProcessId);

        for (var seed = 0; seed < 8; seed++)
        {
            await Nbdsh.RunAsync(server.Uri, $"{Reads}\nread_all('{path}', {seed})");
        }

        await ProcessFigures.BackToAsync(server.ProcessId, before);
    }

    [Fact]
    public async Task AFileThatHasBecomeShorterGivesAnError()
    {
        using var directory = new TemporaryDirectory();
        var path = await FullAsync(directory["disk"]);
        await using var server = await SharpNbdProgram.StartAsync("file", path);

        await Nbdsh.RunAsync(server.Uri, $"""
            import os
            h.connect_uri(uri)
            os.truncate("{path}", {Size / 2} + 100)
            os.posix_fadvise(os.open("{path}", os.O_RDONLY), 0, 0, os.POSIX_FADV_DONTNEED)
            assert errno_of(lambda: h.pread(4096, {Size / 2})) == "EIO"
            assert errno_of(lambda: h.pread(4096, {Size} - 4096)) == "EIO"
            assert h.pread(4096, {Size / 2} - 4096) == open("{path}", "rb").read()[{Size / 2} - 4096:{Size / 2}]
            """);
    }

    /// <summary>A file full of data which is on the device, so that it can leave the page cache.</summary>
    private static async Task<string> FullAsync(string path)
    {
        var data = new byte[Size];
        new Random(3).NextBytes(data);
        await using var file = File.Create(path);
        await file.WriteAsync(data);
        file.Flush(flushToDisk: true);
        return path;
    }
}
