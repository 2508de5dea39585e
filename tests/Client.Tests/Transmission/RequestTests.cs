using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Client.Tests;

/// <summary>What the client says and understands, byte by byte.</summary>
public sealed class RequestTests : IDisposable
{
    private const ulong First = 1UL << 32;
    private const ulong Second = 2UL << 32;

    private readonly ScriptedServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task EveryRequestHasItsBytes()
    {
        var (client, server) = await _server.OpenAsync();
        byte[] data = [1, 2, 3];

        await AnsweredAsync(client.WriteAsync(100, data, WriteFlags.Fua), server, 1, Wire.WriteRequest(1UL << 32, 100, data, Wire.Fua));
        await AnsweredAsync(client.FlushAsync(), server, 2, Wire.Request(Wire.Flush, 2UL << 32, 0, 0));
        await AnsweredAsync(client.TrimAsync(new ByteRange(7, 8)), server, 3, Wire.Request(Wire.Trim, 3UL << 32, 7, 8));
        await AnsweredAsync(client.ZeroAsync(new ByteRange(7, 9)), server, 4, Wire.Request(Wire.WriteZeroes, 4UL << 32, 7, 9));
        await AnsweredAsync(
            client.ZeroAsync(new ByteRange(7, 9), ZeroFlags.Fast | ZeroFlags.Fua), server, 5,
            Wire.Request(Wire.WriteZeroes, 5UL << 32, 7, 9, Wire.FastZero | Wire.Fua | Wire.NoHole));
        await AnsweredAsync(client.CacheAsync(new ByteRange(0, 10)), server, 6, Wire.Request(Wire.Cache, 6UL << 32, 0, 10));

        var closing = client.DisposeAsync();
        server.Expect(Wire.Request(Wire.Disconnect, 0, 0, 0)).ExpectEnd();
        await closing;
    }

    [Fact]
    public async Task ASimpleReadTakesTheBytesBehindTheHeader()
    {
        var (client, server) = await _server.OpenAsync(peer => ScriptedServer.Simple(peer));
        var buffer = new byte[3];
        var read = client.ReadAsync(5, buffer);
        server.Expect(Wire.Request(Wire.Read, First, 5, 3)).Send(Wire.SimpleReply(First, 0, 7, 8, 9));
        await read;

        Assert.Equal([7, 8, 9], buffer);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task AReadIsPutTogetherFromChunksInAnyOrder()
    {
        var (client, server) = await _server.OpenAsync();
        var buffer = Wire.Filled(10, 0xff);
        var read = client.ReadAsync(100, buffer);
        server.Expect(Wire.Request(Wire.Read, First, 100, 10))
            .Send(Wire.Chunk(Wire.OffsetDataChunk, First, false, [.. Wire.U64(108), 8, 9]))
            .Send(Wire.Chunk(Wire.OffsetHoleChunk, First, false, [.. Wire.U64(103), .. Wire.U32(5)]))
            .Send(Wire.Chunk(Wire.OffsetDataChunk, First, false, [.. Wire.U64(100), 1, 2, 3]))
            .Send(Wire.LastChunk(Wire.NoneChunk, First, []));
        await read;

        Assert.Equal([1, 2, 3, 0, 0, 0, 0, 0, 8, 9], buffer);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task RepliesComeInAnyOrder()
    {
        var (client, server) = await _server.OpenAsync();
        byte[] one = new byte[1], two = new byte[1];
        var first = client.ReadAsync(1, one, isLater: true);
        var second = client.ReadAsync(2, two, isLater: true);
        client.Send();
        server.Expect([.. Wire.Request(Wire.Read, First, 1, 1), .. Wire.Request(Wire.Read, (1UL << 32) | 1, 2, 1)])
            .Send(Wire.OffsetData((1UL << 32) | 1, 2, [22]))
            .Send(Wire.OffsetData(First, 1, [11]));
        await second;
        await first;

        Assert.Equal((11, 22), (one[0], two[0]));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task ExtentsBecomeAList()
    {
        var (client, server) = await _server.OpenAsync();
        var extents = new ExtentList(new ByteRange(0, 1000));
        var asking = client.GetExtentsAsync(extents.Range, extents).AsTask();
        server.Expect(Wire.Request(Wire.BlockStatus, First, 0, 1000)).Send(Wire.LastChunk(
            Wire.BlockStatusChunk, First, [.. Wire.U32(ScriptedServer.Context), .. Wire.U32(400), .. Wire.U32(3), .. Wire.U32(5000), .. Wire.U32(0)]));
        await asking;

        Assert.Equal([new Extent(0, 400, ExtentFlags.Hole | ExtentFlags.Zero), new Extent(400, 5000, ExtentFlags.Data)], extents.Extents.ToArray());

        extents.Reset(new ByteRange(0, 8), firstOnly: true);
        asking = client.GetExtentsAsync(extents.Range, extents).AsTask();
        server.Expect(Wire.Request(Wire.BlockStatus, Second, 0, 8, Wire.ReqOne)).Send(Wire.LastChunk(
            Wire.BlockStatusChunk, Second, [.. Wire.U32(ScriptedServer.Context), .. Wire.U32(8), .. Wire.U32(2)]));
        await asking;

        Assert.Equal([new Extent(0, 8, ExtentFlags.Zero)], extents.Extents.ToArray());
        await client.DisposeAsync();
    }

    [Theory]
    [InlineData(Wire.NotPermitted, NbdError.EPERM)]
    [InlineData(Wire.NoSpace, NbdError.ENOSPC)]
    [InlineData(Wire.NotSupported, NbdError.ENOTSUP)]
    [InlineData(4711U, NbdError.EINVAL)]
    public async Task ARefusedRequestThrowsAndTheConnectionGoesOn(uint wire, NbdError expected)
    {
        var (client, server) = await _server.OpenAsync();
        var write = client.WriteAsync(0, new byte[1]).AsTask();
        server.Receive(29);
        server.Send(Wire.LastChunk(Wire.ErrorChunk, First, [.. Wire.U32(wire), .. Wire.U16(9), .. "not\ntoday"u8]));

        var error = await Assert.ThrowsAsync<NbdException>(() => write);
        Assert.Equal((expected, "not?today"), (error.Error, error.Message));

        write = client.WriteAsync(0, new byte[1]).AsTask();
        server.Receive(29);
        server.Send(Wire.SimpleReply(Second, wire));
        Assert.Equal(expected, (await Assert.ThrowsAsync<NbdException>(() => write)).Error);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task AReadThatFailsSaysUpToWhereItsBytesAreRight()
    {
        var (client, server) = await _server.OpenAsync();
        var buffer = new byte[10];
        var read = client.ReadAsync(100, buffer);
        server.Receive(28);
        server.Send(Wire.Chunk(Wire.OffsetDataChunk, First, false, [.. Wire.U64(100), 1, 2, 3]))
            .Send(Wire.LastChunk(Wire.ErrorOffsetChunk, First, [.. Wire.U32(5), .. Wire.U16(0), .. Wire.U64(103)]));

        Assert.Equal(103, (await Assert.ThrowsAsync<NbdException>(() => read.AsTask())).FailedAt);
        Assert.Equal([1, 2, 3], buffer[..3]);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task ExtendedHeadersCarryLongRanges()
    {
        const long size = 1L << 40;
        var (client, server) = await _server.OpenAsync(peer => ScriptedServer.Greet(peer)
            .Expect(Wire.Option(Wire.ExtendedHeaders, [])).Send(Wire.OptionReply(Wire.ExtendedHeaders, Wire.Ack, []))
            .Expect(Wire.Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation")))
            .Send(Wire.OptionReply(Wire.SetMetaContext, Wire.MetaContextReply, [.. Wire.U32(1), .. "base:allocation"u8]))
            .Send(Wire.OptionReply(Wire.SetMetaContext, Wire.Ack, []))
            .Expect(ScriptedServer.GoOption("")).Send(ScriptedServer.ExportInfo(size)).Send(Wire.OptionReply(Wire.Go, Wire.Ack, [])));

        var trim = client.TrimAsync(new ByteRange(0, size));
        server.Expect(ExtendedWire.Request(Wire.Trim, First, 0, size)).Send(ExtendedWire.Reply(Wire.NoneChunk, First, 0));
        await trim;

        var write = client.WriteAsync(9, new byte[] { 5 });
        server.Expect(ExtendedWire.RequestWithPayload(Wire.Write, Second, 9, [5])).Send(ExtendedWire.Reply(Wire.NoneChunk, Second, 9));
        await write;

        var buffer = new byte[2];
        var read = client.ReadAsync(9, buffer);
        server.Expect(ExtendedWire.Request(Wire.Read, 3UL << 32, 9, 2)).Send(ExtendedWire.OffsetData(3UL << 32, 9, [5, 6]));
        await read;
        Assert.Equal([5, 6], buffer);

        var extents = new ExtentList(new ByteRange(0, size));
        var asking = client.GetExtentsAsync(extents.Range, extents);
        server.Expect(ExtendedWire.Request(Wire.BlockStatus, 4UL << 32, 0, size))
            .Send(ExtendedWire.Status(4UL << 32, 0, (size / 2, 3), (size / 2, 0)));
        await asking;
        Assert.Equal(2, extents.Count);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task CompactHeadersCarryLongRangesInPieces()
    {
        const long size = 10L << 30;
        var (client, server) = await _server.OpenAsync(peer => ScriptedServer.Greet(peer)
            .Expect(Wire.Option(Wire.StructuredReply, [])).Send(Wire.OptionReply(Wire.StructuredReply, Wire.ErrUnsup, []))
            .Expect(ScriptedServer.GoOption("")).Send(ScriptedServer.ExportInfo(size)).Send(Wire.OptionReply(Wire.Go, Wire.Ack, [])),
            new NbdClientOptions { WantExtendedHeaders = false });

        var trim = client.TrimAsync(new ByteRange(0, size));
        ulong offset = 0;
        for (ulong use = 1; offset < size; use++)
        {
            var length = (uint)Math.Min(0xffff0000, size - offset);
            server.Expect(Wire.Request(Wire.Trim, use << 32, offset, length)).Send(Wire.SimpleReply(use << 32, 0));
            offset += length;
        }

        await trim;
        await client.DisposeAsync();
    }

    [Fact]
    public async Task WhatLiesBeyondTheExportIsNotAskedFor()
    {
        var (client, server) = await _server.OpenAsync();

        Assert.Equal(NbdError.EINVAL, (await Assert.ThrowsAsync<NbdException>(async () => await client.ReadAsync(ScriptedServer.Size - 1, new byte[2]))).Error);
        await Assert.ThrowsAsync<NbdException>(async () => await client.TrimAsync(new ByteRange(-1, 5)));
        await Assert.ThrowsAsync<NbdException>(async () => await client.ZeroAsync(new ByteRange(0, ScriptedServer.Size + 1)));

        var closing = client.DisposeAsync();
        server.Expect(Wire.Request(Wire.Disconnect, 0, 0, 0));
        await closing;
    }

    private static async Task AnsweredAsync(ValueTask request, WireClient server, ulong use, byte[] expected)
    {
        server.Expect(expected).Send(Wire.SimpleReply(use << 32, 0));
        await request;
    }
}
