using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>What happens to the file behind a disk while it is served reaches the client as an error or not at all, and the server goes on.</summary>
public sealed class CrashHostTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task AFullFileSystemWithAJournalLosesNothingAndGoesOnWhenThereIsSpaceAgain()
    {
        using var mount = MountedFileSystem.Ext4(16 << 20);
        var disk = DiskServer.Sparse(Path.Combine(mount.Path, "disk"), 64 << 20);
        await using var server = await SharpNbdProgram.StartAsync("file", disk);

        await Nbdsh.RunAsync(server.Uri, """
            h.connect_uri(uri)
            size = 1024 * 1024
            h.pwrite(b"first" * 1000, 63 * size, nbd.CMD_FLAG_FUA)
            written = 0
            while errno_of(lambda: h.pwrite(bytes([written % 255 + 1]) * size, written * size, nbd.CMD_FLAG_FUA)) == "OK":
                written += 1
            assert 4 <= written < 16, written
            assert errno_of(lambda: h.pwrite(b"x" * size, 40 * size)) == "ENOSPC"
            for i in range(written):
                assert h.pread(size, i * size) == bytes([i % 255 + 1]) * size, i
            assert h.pread(5000, 63 * size) == b"first" * 1000
            h.trim(4 * size, 0, nbd.CMD_FLAG_FUA)
            h.trim(size, 40 * size, nbd.CMD_FLAG_FUA)
            h.pwrite(b"z" * size, 30 * size, nbd.CMD_FLAG_FUA)
            h.flush()
            assert h.pread(size, 30 * size) == b"z" * size
            assert h.pread(size, size) == bytes(size)
            """);

        await server.StopAsync();
    }

    [Fact]
    public async Task AFileSystemThatTurnsReadOnlyFailsWritesAndFlushesAndIsReadOn()
    {
        using var mount = MountedFileSystem.Ext4(16 << 20);
        var disk = DiskServer.Sparse(Path.Combine(mount.Path, "disk"), 4 << 20);
        await using var server = await SharpNbdProgram.StartAsync("file", disk);
        using var client = RawClient.Open(server.SocketPath);
        client.SendWrite(1, 0, Wire.Filled(65536, 0x31), (ushort)Wire.Fua);
        Assert.Equal(0u, client.Receive().Error);
        client.SendWrite(2, 65536, Wire.Filled(65536, 0x32));
        Assert.Equal(0u, client.Receive().Error);

        mount.Break();

        // What was acknowledged without a flush may be lost, but nobody may be told otherwise.
        Assert.NotEqual(0u, client.Ask(RawClient.Flush, 0, 0).Error);
        Assert.NotEqual(0u, client.Ask(RawClient.Flush, 0, 0).Error);
        client.SendWrite(3, 1 << 20, Wire.Filled(4096, 0x33), (ushort)Wire.Fua);
        Assert.Contains(client.Receive().Error, (uint[])[Wire.NotPermitted, Wire.InputOutput]);
        Assert.Contains(client.Ask(RawClient.WriteZeroes, 0, 65536, (ushort)Wire.Fua).Error, (uint[])[Wire.NotPermitted, Wire.InputOutput]);
        Assert.Equal(Wire.Filled(65536, 0x31), client.Ask(RawClient.Read, 0, 65536).Data);
        client.Dispose();
        await AssertServesAsync(server, Wire.Filled(512, 0x31));
        await server.StopAsync();
    }

    [Fact]
    public async Task AFileThatIsDeletedIsServedOnToWhoHasItOpenAndToNobodyElse()
    {
        var disk = DiskServer.Sparse(_directory["disk"], 1 << 20);
        await using var server = await SharpNbdProgram.StartAsync("file", disk);
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendWrite(1, 0, Wire.Filled(65536, 0x41), (ushort)Wire.Fua);
            Assert.Equal(0u, client.Receive().Error);
            File.Delete(disk);

            Assert.Equal(Wire.Filled(65536, 0x41), client.Ask(RawClient.Read, 0, 65536).Data);
            client.SendWrite(2, 65536, Wire.Filled(4096, 0x42), (ushort)Wire.Fua);
            Assert.Equal(0u, client.Receive().Error);
            Assert.Throws<EndOfStreamException>(() => RawClient.Open(server.SocketPath));
            Assert.Equal(Wire.Filled(4096, 0x42), client.Ask(RawClient.Read, 65536, 4096).Data);
        }

        DiskServer.Sparse(disk, 1 << 20);
        await AssertServesAsync(server, new byte[512]);
        await server.StopAsync();
    }

    [Theory]
    [InlineData(4096u)]
    [InlineData(256u << 10)]
    public async Task AFileThatShrinksFailsReadsBehindItsEndAndNeverGivesOldBytes(uint length)
    {
        const int size = 4 << 20;
        var disk = _directory["disk"];
        await File.WriteAllBytesAsync(disk, Wire.Filled(size, 0x51));
        await using var server = await SharpNbdProgram.StartAsync("file", disk);
        using (var client = RawClient.Open(server.SocketPath))
        {
            Assert.Equal(Wire.Filled((int)length, 0x51), client.Ask(RawClient.Read, size / 2, length).Data);
            SetLength(disk, (size / 2) + 100);

            Assert.Equal(Wire.InputOutput, client.Ask(RawClient.Read, size / 2, length).Error);
            Assert.Equal(Wire.InputOutput, client.Ask(RawClient.Read, size - length, length).Error);
            Assert.Equal(Wire.Filled((int)length, 0x51), client.Ask(RawClient.Read, 0, length).Data);

            // Grown again, by somebody else or by a write, it reads as zeroes where it was cut.
            client.SendWrite(1, size - 512, Wire.Filled(512, 0x52), (ushort)Wire.Fua);
            Assert.Equal(0u, client.Receive().Error);
            Assert.Equal([.. Wire.Filled(100, 0x51), .. new byte[length - 100]], client.Ask(RawClient.Read, size / 2, length).Data);
            Assert.Equal([.. new byte[length - 512], .. Wire.Filled(512, 0x52)], client.Ask(RawClient.Read, size - length, length).Data);
        }

        await AssertServesAsync(server, Wire.Filled(512, 0x51));
        await server.StopAsync();
    }

    [Fact]
    public async Task ALogOnAFullFileSystemIsReportedOnceAndGoesOnWhenThereIsSpace()
    {
        using var mount = MountedFileSystem.Tmpfs("64k");
        var log = Path.Combine(mount.Path, "log");
        await using var server = await SharpNbdProgram.StartAsync("--filter=log", "memory", "1M", $"logfile={log}");
        await Nbdsh.RunAsync(server.Uri, Requests);
        Assert.InRange(new FileInfo(log).Length, 60_000, 65536);
        SetLength(log, 0);

        await Nbdsh.RunAsync(server.Uri, "h.connect_uri(uri); h.pwrite(b'x' * 512, 0x7000)");

        Assert.Contains("offset=0x7000", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        await server.StopAsync();
        Assert.Contains("No space left", Assert.Single(server.Errors.Lines, line => line.Contains("lost", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALogThatReachesTheLimitOfFileSizesDoesNotEndTheServer()
    {
        await using var server = await WrappedServer.StartAsync(
            _directory, [Tool.Require("prlimit").Path, "--fsize=32768"], "--filter=log", "memory", "1M", $"logfile={_directory["log"]}");

        await Nbdsh.RunAsync(server.Uri, Requests);

        Assert.InRange(new FileInfo(_directory["log"]).Length, 30_000, 32768);
        await server.StopAsync();
        Assert.Contains("File too large", Assert.Single(server.Errors.Lines, line => line.Contains("lost", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>More than the log has room for.</summary>
    private const string Requests = """
        h.connect_uri(uri)
        for i in range(1000):
            h.pwrite(b"x" * 512, 512 * i)
        assert h.pread(512, 512 * 999) == b"x" * 512
        """;

    private static async Task AssertServesAsync(ServerProgram server, byte[] expected)
    {
        using var client = RawClient.Open(server.SocketPath);
        Assert.Equal(expected, client.Ask(RawClient.Read, 0, (uint)expected.Length).Data);
        client.Send(RawClient.Disconnect, 1, 0, 0);
        Assert.True(client.IsClosedByServer());
        await Task.CompletedTask;
    }

    private static void SetLength(string path, long length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length);
    }
}
