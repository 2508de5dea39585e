using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>What the file plugin acknowledges is on stable storage, as the system calls of the server show.</summary>
public sealed class StableStorageTests : IDisposable
{
    private const ushort Fua = 1;
    private const ushort NoHole = 2;
    private const uint InputOutputError = 5;
    private const uint NoSpace = 28;

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task AFlushIsAnsweredBehindASuccessfulSync()
    {
        await using var server = await TracedServer.StartAsync(inject: null, "file", Disk());
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendWrite(0x101, 0, new byte[4096]);
            Assert.Equal(0u, client.Receive().Error);
            client.Send(RawClient.Flush, 0x102, 0, 0);
            Assert.Equal(0u, client.Receive().Error);
        }

        var trace = await server.StopAsync();
        trace.AssertStableBeforeReply("pwrite64(", 0x102);
    }

    [Fact]
    public async Task AWriteWithFuaIsAnsweredBehindASuccessfulSync()
    {
        await using var server = await TracedServer.StartAsync(inject: null, "file", Disk());
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendWrite(0x103, 4096, new byte[4096], Fua);
            Assert.Equal(0u, client.Receive().Error);
        }

        var trace = await server.StopAsync();
        trace.AssertStableBeforeReply("pwrite64(", 0x103);
    }

    [Theory]
    [InlineData(RawClient.Trim, Fua)]
    [InlineData(RawClient.WriteZeroes, Fua)]
    [InlineData(RawClient.WriteZeroes, Fua | NoHole)]
    public async Task ATrimOrZeroWithFuaIsAnsweredBehindASuccessfulSync(ushort command, ushort flags)
    {
        await using var server = await TracedServer.StartAsync(inject: null, "file", Disk());
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.Send(command, 0x104, 0, 65536, flags);
            Assert.Equal(0u, client.Receive().Error);
        }

        var trace = await server.StopAsync();
        trace.AssertStableBeforeReply("fallocate(", 0x104);
    }

    [Fact]
    public async Task OneSyncMayServeSeveralFlushesButNeverOneThatArrivedBehindIt()
    {
        await using var server = await TracedServer.StartAsync(inject: null, "file", Disk());
        using (var client = RawClient.Open(server.SocketPath))
        {
            for (ulong cookie = 0x200; cookie < 0x208; cookie++)
            {
                client.SendWrite(cookie, (cookie - 0x200) * 4096, new byte[4096], Fua);
            }

            for (var reply = 0; reply < 8; reply++)
            {
                Assert.Equal(0u, client.Receive().Error);
            }
        }

        var trace = await server.StopAsync();
        for (ulong cookie = 0x200; cookie < 0x208; cookie++)
        {
            trace.AssertStableBeforeReply($", 4096, {(cookie - 0x200) * 4096}", cookie);
        }
    }

    [Theory]
    [InlineData("EIO", InputOutputError)]
    [InlineData("ENOSPC", NoSpace)]
    public async Task AFailedSyncIsReportedAndNeverRetriedIntoASuccess(string error, uint expected)
    {
        await using var server = await TracedServer.StartAsync($"fdatasync:error={error}:when=1", "file", Disk());
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendWrite(0x105, 0, new byte[4096]);
            Assert.Equal(0u, client.Receive().Error);

            Assert.Equal(expected, client.Ask(RawClient.Flush, 0, 0).Error);
            Assert.Equal(InputOutputError, client.Ask(RawClient.Flush, 0, 0).Error);
            client.SendWrite(0x106, 0, new byte[512], Fua);
            Assert.Equal(InputOutputError, client.Receive().Error);
            Assert.Equal(0u, client.Ask(RawClient.Read, 0, 4096).Error);
        }

        var trace = await server.StopAsync();
        Assert.Contains("INJECTED", Assert.Single(trace.Syncs));
    }

    [Fact]
    public async Task AFailedSyncOfAWriteWithFuaIsReported()
    {
        await using var server = await TracedServer.StartAsync("fdatasync:error=EIO:when=1", "file", Disk());
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendWrite(0x107, 0, new byte[4096], Fua);
            Assert.Equal(InputOutputError, client.Receive().Error);
            Assert.Equal(InputOutputError, client.Ask(RawClient.Flush, 0, 0).Error);
        }

        Assert.Single((await server.StopAsync()).Syncs);
    }

    public void Dispose() => _directory.Dispose();

    private string Disk() => DiskServer.Sparse(_directory["disk"], 1 << 20);
}
