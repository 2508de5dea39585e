using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Client.Tests;

/// <summary>Servers that break the protocol: the connection ends with one line, and everything that was in flight fails.</summary>
public sealed class HostileReplyTests : IDisposable
{
    private const ulong Cookie = 1UL << 32;

    private readonly ScriptedServer _server = new();

    public void Dispose() => _server.Dispose();

    // Replies to a read of 16 bytes at 100, with structured replies.
    public static TheoryData<string, byte[], string> ToRead => new()
    {
        { "no magic", new byte[16], "begins with 0x00000000" },
        { "a header that was not agreed on", ExtendedWire.OffsetData(Cookie, 100, new byte[16]), "not agreed on" },
        { "a cookie of nobody", Wire.SimpleReply(99, 0), "cookie 0x0000000000000063" },
        { "a cookie of an earlier use", Wire.OffsetData(0, 100, new byte[16]), "cookie 0x0000000000000000" },
        { "a cookie far away", Wire.OffsetData(0xffffffffffffffff, 100, new byte[16]), "cookie 0xffffffffffffffff" },
        { "a simple reply", Wire.SimpleReply(Cookie, 0, new byte[16]), "simple" },
        { "nothing", Wire.LastChunk(Wire.NoneChunk, Cookie, []), "lacks some of the bytes" },
        { "too little", Wire.OffsetData(Cookie, 100, new byte[15]), "lacks some of the bytes" },
        { "too much", Wire.OffsetData(Cookie, 100, new byte[17]), "17 bytes for the offset 100" },
        { "bytes in front", Wire.OffsetData(Cookie, 99, new byte[16]), "for the offset 99" },
        { "bytes behind", Wire.OffsetData(Cookie, 101, new byte[16]), "for the offset 101" },
        { "an offset that wraps", Wire.OffsetData(Cookie, 0xfffffffffffffff8, new byte[16]), "for the offset 18446744073709551608" },
        { "no bytes", Wire.OffsetData(Cookie, 100, []), "a chunk of the type 1 with 8 bytes" },
        { "half an offset", Wire.LastChunk(Wire.OffsetDataChunk, Cookie, new byte[4]), "a chunk of the type 1 with 4 bytes" },
        { "an absurd length", [.. Wire.U32(0x668e33ef), .. Wire.U16(1), .. Wire.U16(1), .. Wire.U64(Cookie), .. Wire.U32(0xffffffff), .. Wire.U64(100)], "4294967287 bytes for the offset 100" },
        { "bytes twice", [.. Data(100, 16), .. Data(104, 1)], "twice" },
        { "a hole over bytes", [.. Data(100, 8), .. Hole(107, 9)], "twice" },
        { "bytes around bytes", [.. Data(104, 4), .. Data(100, 16)], "twice" },
        { "an empty hole", Hole(100, 0), "a hole of 0 bytes" },
        { "a hole beyond", Hole(100, 17), "a hole of 17 bytes" },
        { "a hole in front", Hole(50, 60), "a hole of 60 bytes" },
        { "half a hole", Wire.LastChunk(Wire.OffsetHoleChunk, Cookie, Wire.U64(100)), "a chunk of the type 2 with 8 bytes" },
        { "extents", Wire.Status(Cookie, (16, 0)), "a chunk of the type 5" },
        { "nothing, and more to come", Wire.Chunk(Wire.NoneChunk, Cookie, false, []), "more to come" },
        { "an unknown chunk", Wire.LastChunk(99, Cookie, new byte[3]), "a chunk of the type 99 with 3 bytes" },
        { "no error", Wire.LastChunk(Wire.ErrorChunk, Cookie, [.. Wire.U32(0), .. Wire.U16(0)]), "with the error 0" },
        { "a short error", Wire.LastChunk(Wire.ErrorChunk, Cookie, new byte[5]), "a chunk of the type 32769 with 5 bytes" },
        { "an error with less text than it says", Wire.LastChunk(Wire.ErrorChunk, Cookie, [.. Wire.U32(5), .. Wire.U16(9), 65]), "9 bytes of text" },
        { "an error with more text than it says", Wire.LastChunk(Wire.ErrorChunk, Cookie, [.. Wire.U32(5), .. Wire.U16(0), 65]), "0 bytes of text" },
        { "an error of a megabyte", [.. Wire.U32(0x668e33ef), .. Wire.U16(1), .. Wire.U16(Wire.ErrorChunk), .. Wire.U64(Cookie), .. Wire.U32(1 << 20)], "with 1048576 bytes" },
        { "an error elsewhere", Wire.LastChunk(Wire.ErrorOffsetChunk, Cookie, [.. Wire.U32(5), .. Wire.U16(0), .. Wire.U64(116)]), "for the offset 116" },
        { "an answer again", [.. Wire.OffsetData(Cookie, 100, new byte[16]), .. Wire.OffsetData(Cookie, 100, new byte[16])], "cookie" },
        { "the end in a header", [.. Wire.U32(0x668e33ef), 0], "closed the connection" },
        { "the end in the data", [.. Wire.OffsetData(Cookie, 100, new byte[16])[..30]], "closed the connection" },
    };

    // Replies to a block status request for 1000 bytes at 0.
    public static TheoryData<string, byte[], string> ToExtents => new()
    {
        { "nothing", Wire.LastChunk(Wire.NoneChunk, Cookie, []), "lacks the extents" },
        { "data", Wire.OffsetData(Cookie, 0, new byte[4]), "a chunk of the type 1" },
        { "no extents", Wire.LastChunk(Wire.BlockStatusChunk, Cookie, Wire.U32(ScriptedServer.Context)), "a chunk of 4 bytes" },
        { "half an extent", Wire.LastChunk(Wire.BlockStatusChunk, Cookie, [.. Wire.U32(ScriptedServer.Context), .. new byte[12]]), "a chunk of 16 bytes" },
        { "another context", Wire.Status(Cookie, (1000, 0)), "the context 1" },
        { "an empty extent", Extents((0, 0)), "an extent of 0 bytes" },
        { "extents beyond the range", Extents((1000, 0), (1, 0)), "an extent of 1 bytes at 1000" },
        { "the extended form", Wire.LastChunk(Wire.BlockStatusExtChunk, Cookie, new byte[24]), "a chunk of the type 6" },
        { "millions of extents", [.. Wire.U32(0x668e33ef), .. Wire.U16(1), .. Wire.U16(Wire.BlockStatusChunk), .. Wire.U64(Cookie), .. Wire.U32(0xfffffffc)], "a chunk of 4294967292 bytes" },
        { "extents twice", [.. Wire.Chunk(Wire.BlockStatusChunk, Cookie, false, ExtentBytes((1000, 0))), .. Extents((1000, 0))], "a chunk of the type 5" },
    };

    [Theory]
    [MemberData(nameof(ToRead))]
    public async Task AReadIsRefused(string what, byte[] reply, string words)
    {
        var (client, server) = await _server.OpenAsync();
        var read = client.ReadAsync(100, new byte[16]).AsTask();

        await ExpectEndAsync(client, server, read, reply, words, what);
    }

    [Theory]
    [MemberData(nameof(ToExtents))]
    public async Task ExtentsAreRefused(string what, byte[] reply, string words)
    {
        var (client, server) = await _server.OpenAsync();
        var asking = client.GetExtentsAsync(new ByteRange(0, 1000), new ExtentList(new ByteRange(0, 1000))).AsTask();

        await ExpectEndAsync(client, server, asking, reply, words, what);
    }

    [Fact]
    public async Task AnExtendedReplyForAnotherOffsetIsRefused()
    {
        var (client, server) = await _server.OpenAsync(peer => ScriptedServer.Extended(peer));
        var read = client.ReadAsync(100, new byte[16]).AsTask();

        await ExpectEndAsync(
            client, server, read, ExtendedWire.Chunk(Wire.OffsetDataChunk, Cookie, 101, true, [.. Wire.U64(100), .. new byte[16]]),
            "is for the offset 101", "offset", 32);
    }

    [Fact]
    public async Task AnExtendedReplyOfExabytesIsRefused()
    {
        var (client, server) = await _server.OpenAsync(peer => ScriptedServer.Extended(peer));
        var read = client.ReadAsync(100, new byte[16]).AsTask();

        await ExpectEndAsync(
            client, server, read,
            [.. Wire.U32(0x6e8a278c), .. Wire.U16(1), .. Wire.U16(1), .. Wire.U64(Cookie), .. Wire.U64(100), .. Wire.U64(1UL << 62)],
            "a chunk of 4611686018427387904 bytes", "length", 32);
    }

    private static async Task ExpectEndAsync(NbdClient client, WireClient server, Task request, byte[] reply, string words, string what, int headerSize = 28)
    {
        var other = client.FlushAsync().AsTask();
        server.Receive(2 * headerSize);
        server.Send(reply);
        if (what.StartsWith("the end", StringComparison.Ordinal))
        {
            server.Dispose();
        }
        else
        {
            server.ExpectEnd();
        }

        var failure = await Assert.ThrowsAsync<NbdConnectionException>(() => other);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        if (what != "an answer again")
        {
            Assert.Same(failure, await Assert.ThrowsAsync<NbdConnectionException>(() => request));
        }

        Assert.False(client.IsConnected);
        Assert.Same(failure, await Assert.ThrowsAsync<NbdConnectionException>(() => client.FlushAsync().AsTask()));
        await client.DisposeAsync();
    }

    private static byte[] Data(ulong offset, int length) => Wire.Chunk(Wire.OffsetDataChunk, Cookie, false, [.. Wire.U64(offset), .. new byte[length]]);

    private static byte[] Hole(ulong offset, uint length) => Wire.Chunk(Wire.OffsetHoleChunk, Cookie, false, [.. Wire.U64(offset), .. Wire.U32(length)]);

    private static byte[] Extents(params (uint Length, uint State)[] extents) => Wire.LastChunk(Wire.BlockStatusChunk, Cookie, ExtentBytes(extents));

    private static byte[] ExtentBytes(params (uint Length, uint State)[] extents)
        => [.. Wire.U32(ScriptedServer.Context), .. extents.SelectMany(extent => (byte[])[.. Wire.U32(extent.Length), .. Wire.U32(extent.State)])];
}
