using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Reads that the disk answers with holes and lent memory.</summary>
public sealed class SparseReadTests
{
    private const int Long = 64 << 10;

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(Long)]
    public async Task AHoleIsToldAndNotSent(int length)
    {
        await using var server = new WireServer(new PiecedDisk((Long, null)));
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 0, (uint)length).Expect(Wire.LastChunk(Wire.OffsetHoleChunk, 1, [.. Wire.U64(0), .. Wire.U32(length)]))
            .Disconnect();
        server.Connect().OpenExtended()
            .ExtendedRequest(Wire.Read, 2, 0, (ulong)length)
            .Expect(ExtendedWire.Reply(Wire.OffsetHoleChunk, 2, 0, [.. Wire.U64(0), .. Wire.U32(length)]))
            .DisconnectExtended();
    }

    [Fact]
    public async Task DataAndHolesAreChunksInTheirOrderAndOnlyTheLastIsDone()
    {
        await using var server = new WireServer(new PiecedDisk((512, 1), (Long, null), (512, 2), (512, 3), (Long, null)));
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 1, 512 + Long + 1024 + 9 - 1)
            .Expect(Wire.Chunk(Wire.OffsetDataChunk, 1, isDone: false, [.. Wire.U64(1), .. Wire.Filled(511, 1)]))
            .Expect(Wire.Chunk(Wire.OffsetHoleChunk, 1, isDone: false, [.. Wire.U64(512), .. Wire.U32(Long)]))

            // A hole as short as this last one is sent as zeroes.
            .Expect(Wire.LastChunk(
                Wire.OffsetDataChunk, 1, [.. Wire.U64(512 + Long), .. Wire.Filled(512, 2), .. Wire.Filled(512, 3), .. new byte[9]]))
            .Request(Wire.Read, 2, 512, Long + 1)
            .Expect(Wire.Chunk(Wire.OffsetHoleChunk, 2, isDone: false, [.. Wire.U64(512), .. Wire.U32(Long)]))
            .Expect(Wire.LastChunk(Wire.OffsetDataChunk, 2, [.. Wire.U64(512 + Long), 2]))
            .Disconnect();
        server.Connect().OpenExtended()
            .ExtendedRequest(Wire.Read, 3, 511, Long + 1)
            .Expect(ExtendedWire.Chunk(Wire.OffsetDataChunk, 3, 511, isDone: false, [.. Wire.U64(511), 1]))
            .Expect(ExtendedWire.Chunk(Wire.OffsetHoleChunk, 3, 511, isDone: true, [.. Wire.U64(512), .. Wire.U32(Long)]))
            .DisconnectExtended();
    }

    [Fact]
    public async Task WhoeverDoesNotUnderstandHolesGetsZeroes()
    {
        const int hole = (1 << 20) + 3;
        byte[] content = [1, .. new byte[hole], 2];
        await using var server = new WireServer(new PiecedDisk((1, 1), (hole, null), (1, 2)));
        foreach (var isSocket in (bool[])[false, true])
        {
            (isSocket ? server.ConnectOverSocket() : server.Connect()).OpenSimple()
                .Request(Wire.Read, 1, 0, (uint)content.Length).ExpectSimple(1, 0, content)
                .Request(Wire.Read, 2, 1, hole).ExpectSimple(2, 0, new byte[hole])
                .Disconnect();
            (isSocket ? server.ConnectOverSocket() : server.Connect()).OpenStructured()
                .Request(Wire.Read, 1, 0, (uint)content.Length, Wire.DontFragment).Expect(Wire.OffsetData(1, 0, content))
                .Disconnect();
        }
    }

    [Fact]
    public async Task ManyHolesAreAnsweredTogether()
    {
        await using var server = new WireServer(new PiecedDisk((64 << 20, null)));
        byte[] requests = [.. Enumerable.Range(0, 1000).SelectMany(i => Wire.Request(Wire.Read, (ulong)i, 0, 64 << 20))];
        byte[] replies = [.. Enumerable.Range(0, 1000).SelectMany(
            i => Wire.LastChunk(Wire.OffsetHoleChunk, (ulong)i, [.. Wire.U64(0), .. Wire.U32(64 << 20)]))];
        server.ConnectOverSocket().OpenStructured().Send(requests).Expect(replies).Disconnect();
    }

    [Fact]
    public async Task PiecesThatDoNotCoverTheReadAreNotUsed()
    {
        await using var server = new WireServer(new PiecedDisk((512, null)) { IsShort = true });
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 0, 512).ExpectErrorChunk(1, Wire.InputOutput, "not in pieces")
            .Disconnect();
    }

    [Fact]
    public async Task RequestsThatAreServedInOrderAreNotLent()
    {
        await using var server = new WireServer(new PiecedDisk((512, null)), WireServer.DefaultOptions with { RequestsPerConnection = 1 });
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 0, 512).ExpectErrorChunk(1, Wire.InputOutput, "not in pieces")
            .Disconnect();
    }
}
