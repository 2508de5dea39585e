using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Clients that die or break the rules: one log line, nothing half done on the disk, and the next client is served.</summary>
public sealed class BrokenClientTests
{
    private const uint InvalidArgument = 22;
    private const uint NoSpace = 28;
    private const int Payload = 256 << 10;

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task HalfOfAWriteThatNeverArrivesLeavesNothingOnTheDisk(string kind)
    {
        await using var server = await DiskServer.StartAsync(kind, 1 << 20);
        using (var first = RawClient.Open(server.Program.SocketPath))
        {
            first.SendWrite(1, 0, Filled(Payload, 0x11));
            Assert.Equal(0u, first.Receive().Error);
            first.Send(RawClient.Disconnect, 2, 0, 0);
        }

        using (var broken = RawClient.Open(server.Program.SocketPath))
        {
            broken.SendRaw([.. RawClient.Header(RawClient.Write, 2, 0, Payload), .. Filled(Payload / 2, 0x22)]);
        }

        // The line says that the server is done with that connection; from here on nothing of it may appear.
        await server.Program.Errors.WaitForAsync("");
        using (var next = RawClient.Open(server.Program.SocketPath))
        {
            Assert.Equal(Filled(Payload, 0x11), next.Ask(RawClient.Read, 0, Payload).Data);
            next.Send(RawClient.Disconnect, 3, 0, 0);
        }

        await server.Program.StopAsync();
        Assert.Single(server.Program.Errors.Lines);
    }

    [Fact]
    public async Task HalfOfARequestHeaderClosesTheConnectionWithOneLine()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using (var broken = RawClient.Open(server.SocketPath))
        {
            broken.SendRaw(RawClient.Header(RawClient.Read, 1, 0, 512).AsSpan(0, 13));
        }

        await server.Errors.WaitForAsync("");
        AssertServes(server);
        await server.StopAsync();
        Assert.Single(server.Errors.Lines);
    }

    [Fact]
    public async Task AWrongMagicNumberClosesTheConnectionWithOneLine()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using (var broken = RawClient.Open(server.SocketPath))
        {
            broken.SendRaw(new byte[28]);
            Assert.True(broken.IsClosedByServer());
        }

        AssertServes(server);
        await server.StopAsync();
        Assert.Single(server.Errors.Lines);
    }

    [Fact]
    public async Task AKilledClientIsNoReasonForMoreThanOneLine()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using (var killed = RawClient.Open(server.SocketPath))
        {
            Assert.Equal(0u, killed.Ask(RawClient.Read, 0, 512).Error);
        }

        AssertServes(server);
        await server.StopAsync();
        Assert.True(server.Errors.Lines.Count <= 1, string.Join('\n', server.Errors.Lines));
    }

    [Fact]
    public async Task AClientKilledWithManyRepliesUnderWayIsNoReasonForMoreThanOneLine()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "8M");
        using (var killed = RawClient.Open(server.SocketPath))
        {
            for (ulong cookie = 0; cookie < 32; cookie++)
            {
                killed.Send(RawClient.Read, cookie, 0, 1 << 20);
            }

            killed.Receive();
        }

        AssertServes(server);
        await server.StopAsync();
        Assert.True(server.Errors.Lines.Count <= 1, string.Join('\n', server.Errors.Lines));
    }

    [Theory]
    [InlineData(RawClient.Read, InvalidArgument)]
    [InlineData(RawClient.Trim, InvalidArgument)]
    [InlineData(RawClient.WriteZeroes, NoSpace)]
    [InlineData(RawClient.Cache, InvalidArgument)]
    public async Task ARequestOutOfRangeIsAnsweredAndLoggedInOneLine(int command, uint error)
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using (var client = RawClient.Open(server.SocketPath))
        {
            Assert.Equal(error, client.Ask((ushort)command, 1 << 20, 512).Error);
            Assert.Equal(0u, client.Ask(RawClient.Read, 0, 512).Error);
            client.Send(RawClient.Disconnect, 3, 0, 0);
        }

        await server.StopAsync();
        Assert.Single(server.Errors.Lines);
    }

    [Fact]
    public async Task AWriteOutOfRangeIsRefusedWithItsPayloadSkipped()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendWrite(1, (1 << 20) - 512, Filled(1024, 0x33));
            Assert.Equal(NoSpace, client.Receive().Error);
            Assert.Equal(new byte[512], client.Ask(RawClient.Read, (1 << 20) - 512, 512).Data);
            client.Send(RawClient.Disconnect, 3, 0, 0);
        }

        await server.StopAsync();
        Assert.Single(server.Errors.Lines);
    }

    [Fact]
    public async Task AnUnknownCommandIsRefusedAndTheConnectionGoesOn()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using var client = RawClient.Open(server.SocketPath);

        Assert.Equal(InvalidArgument, client.Ask(999, 0, 512).Error);
        Assert.Equal(InvalidArgument, client.Ask(8, 0, 512).Error);
        Assert.Equal(InvalidArgument, client.Ask(RawClient.BlockStatus, 0, 512).Error);
        Assert.Equal(new byte[512], client.Ask(RawClient.Read, 0, 512).Data);
    }

    [Fact]
    public async Task AWriteOfMoreThanTheServerTakesIsRefusedOrClosedAndNothingIsWritten()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "256M");
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendRaw(RawClient.Header(RawClient.Write, 1, 0, 0x9000_0000));
            Assert.True(client.IsClosedByServer());
        }

        AssertServes(server);
        await server.StopAsync();
    }

    [Fact]
    public async Task CookiesComeBackUnchangedWhateverTheyAre()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using var client = RawClient.Open(server.SocketPath);

        foreach (var cookie in (ulong[])[0, 1, ulong.MaxValue, 0x8000_0000_0000_0000, 0x0102_0304_0506_0708])
        {
            client.Send(RawClient.Read, cookie, 0, 8);
            Assert.Equal(cookie, client.Receive().Cookie);
        }
    }

    [Fact]
    public async Task AClientThatAsksForHtmlIsDisconnectedAndTheServerGoesOn()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "1M");
        using (var browser = RawClient.Connect(server.SocketPath))
        {
            browser.SendRaw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);
            while (!browser.IsClosedByServer())
            {
                // The greeting comes first.
            }
        }

        AssertServes(server);
        await server.StopAsync();
    }

    private static void AssertServes(ServerProgram server)
    {
        using var client = RawClient.Open(server.SocketPath);
        client.SendWrite(1, 4096, Filled(512, 0x77));
        Assert.Equal(0u, client.Receive().Error);
        Assert.Equal(Filled(512, 0x77), client.Ask(RawClient.Read, 4096, 512).Data);
        Assert.Equal(new byte[512], client.Ask(RawClient.Read, 0, 512).Data);
        client.Send(RawClient.Disconnect, 2, 0, 0);
        Assert.True(client.IsClosedByServer());
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
