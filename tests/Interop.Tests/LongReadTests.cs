using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// Long reads, whose pages reach the client without a copy on the server's side: they are as they were written, however long they
/// are and wherever they begin, and what happens to the disk meanwhile leaves every reply whole.
/// </summary>
public sealed class LongReadTests
{
    private const int Size = 16 << 20;

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task TheyAreAsTheyWereWritten(string kind)
    {
        await using var server = await DiskServer.StartAsync(kind, Size);

        await Nbdsh.RunAsync(server.Uri, ReadsOfAllLengths);
    }

    [Fact]
    public async Task TheyAreAsTheyWereWrittenThroughTheLogFilterAndOverTcp()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["client.py"], $"import nbd, sys\nuri = sys.argv[1]\n{ReadsOfAllLengths}");
        await Tool.RequireNbdshAsync();

        var result = await SharpNbdProgram.RunAsync(
            "-i", "127.0.0.1", "-p", "0", "--filter=log", "file", DiskServer.Sparse(directory["disk"], Size), $"logfile={directory["log"]}",
            "--run", $"/usr/bin/python3 {directory["client.py"]} \"$uri\"");

        result.Expect(0);
        var log = await File.ReadAllTextAsync(directory["log"]);
        Assert.Contains(" Read id=3 offset=0x0 count=0x4000 ", log, StringComparison.Ordinal);
        Assert.DoesNotContain("return=-1", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task WhatIsTrimmedAndWrittenWhileRepliesWaitForTheirClientLeavesThemWhole(string kind)
    {
        const int length = 256 << 10;
        await using var server = await DiskServer.StartAsync(kind, Size);
        using var slow = RawClient.Open(server.Program.SocketPath);
        for (var offset = 0; offset < Size; offset += length)
        {
            slow.SendWrite(0, (ulong)offset, Filled(length, (byte)'A'));
            Assert.Equal(0u, slow.Receive().Error);
        }

        // More than the socket holds: some replies are in it, one is half sent, the rest has not been begun.
        for (var i = 0; i < Size / length; i++)
        {
            slow.Send(RawClient.Read, (ulong)i, (ulong)(i * length), length);
        }

        using (var other = RawClient.Open(server.Program.SocketPath))
        {
            Assert.Equal(0u, other.Ask(RawClient.Trim, 0, Size / 2).Error);
            other.SendWrite(1, 0, Filled(length, (byte)'B'));
            Assert.Equal(0u, other.Receive().Error);
        }

        for (var i = 0; i < Size / length; i++)
        {
            var reply = slow.Receive();
            Assert.Equal(0u, reply.Error);
            Assert.Equal(length, reply.Data.Length);
            Assert.False(reply.Data.AsSpan().ContainsAnyExcept((byte)'A', (byte)'B', (byte)0), "bytes of something else were sent");
        }
    }

    [Fact]
    public async Task AFileThatHasBecomeShorterIsAnErrorAndNotAShortReply()
    {
        await using var server = await DiskServer.StartAsync("file", Size);

        await Nbdsh.RunAsync(server.Uri, $"""
            h.connect_uri(uri)
            h.pwrite(b"A" * 1048576, 0)
            h.pwrite(b"B" * 1048576, {Size} - 1048576)
            import os
            os.truncate("{server.DiskPath}", 1048576 + 4096)
            assert errno_of(lambda: h.pread(262144, {Size} - 262144)) == "EIO"
            assert errno_of(lambda: h.pread(262144, 1048576 - 4096)) == "EIO"
            assert h.pread(262144, 1048576 - 262144) == b"A" * 262144
            """);
    }

    private const string ReadsOfAllLengths = """
        import random
        rnd = random.Random(11)
        for structured in (True, False):
            c = nbd.NBD()
            c.set_request_structured_replies(structured)
            c.connect_uri(uri)
            model = rnd.randbytes(c.get_size())
            for at in range(0, len(model), 8 << 20):
                c.pwrite(model[at:at + (8 << 20)], at)
            for length in (16384, 16385, 65536, 65537, 262144, 1048576, 5000000):
                for at in (0, 1, 4095, 4096, 7777777, len(model) - length):
                    assert c.pread(length, at) == model[at:at + length], (length, at)
            c.shutdown()
        """;

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
