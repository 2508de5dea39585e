using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Reads that fail somewhere in the middle, where the disk knows where.</summary>
public sealed class PartialReadTests
{
    private const string Text = "bad sector";

    [Fact]
    public async Task WhatCouldBeReadIsSentAndTheErrorSaysWhereItEnded()
    {
        await using var server = new WireServer(Failing(1536));
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 512, 4096)
            .Expect(Wire.Chunk(Wire.OffsetDataChunk, 1, isDone: false, [.. Wire.U64(512), .. Wire.Filled(1024, 9)]))
            .Expect(Wire.LastChunk(Wire.ErrorOffsetChunk, 1, Error(1536)))
            .Disconnect();
        server.Connect().OpenExtended()
            .ExtendedRequest(Wire.Read, 2, 512, 4096)
            .Expect(ExtendedWire.Chunk(Wire.OffsetDataChunk, 2, 512, isDone: false, [.. Wire.U64(512), .. Wire.Filled(1024, 9)]))
            .Expect(ExtendedWire.Reply(Wire.ErrorOffsetChunk, 2, 512, Error(1536)))
            .DisconnectExtended();
    }

    [Fact]
    public async Task WithoutASingleByteThereIsOnlyTheError()
    {
        await using var server = new WireServer(Failing(512));
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 512, 4096).Expect(Wire.LastChunk(Wire.ErrorOffsetChunk, 1, Error(512)))
            .Disconnect();
    }

    [Theory]
    [InlineData(511)]
    [InlineData(512 + 4096)]
    public async Task AnOffsetOutsideOfTheRequestIsNotTold(int failedAt)
    {
        await using var server = new WireServer(Failing(failedAt));
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 512, 4096).ExpectErrorChunk(1, Wire.InputOutput, Text)
            .Disconnect();
    }

    [Fact]
    public async Task AClientThatWantsOnePieceOrKnowsNoChunksGetsTheErrorAlone()
    {
        await using var server = new WireServer(Failing(1536));
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 512, 4096, Wire.DontFragment).ExpectErrorChunk(1, Wire.InputOutput, Text)
            .Disconnect();
        server.Connect().OpenSimple().Request(Wire.Read, 1, 512, 4096).ExpectSimple(1, Wire.InputOutput).Disconnect();
    }

    [Fact]
    public async Task BehindAFilterThatChangesReadsNothingIsTakenForContent()
    {
        await using var server = new WireServer(new Scrambler(Failing(1536)));
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 512, 4096).ExpectErrorChunk(1, Wire.InputOutput, Text)
            .Disconnect();
    }

    private static RecordingDisk Failing(long at)
        => new() { Fill = 9, Fails = _ => new NbdException(NbdError.EIO, Text) { FailedAt = at } };

    private static byte[] Error(ulong at) => [.. Wire.U32(Wire.InputOutput), .. Wire.U16(Text.Length), .. "bad sector"u8, .. Wire.U64(at)];

    private sealed class Scrambler(Disk inner) : DiskFilter(inner)
    {
        protected override bool PassesReads => false;
    }
}
