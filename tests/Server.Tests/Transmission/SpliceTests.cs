using Microsoft.Win32.SafeHandles;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Reads whose bytes a disk puts into the connection's pipe: all of them are the reply, and a part of them reaches nobody.</summary>
public sealed class SpliceTests
{
    private const int Length = 16 << 10;
    private const byte Read = 0x5a;
    private const byte Spliced = 0xa5;

    [Fact]
    public async Task WhatIsWholeInThePipeIsTheReply()
    {
        await using var server = new WireServer(new StaticSource(new SplicingDisk(length => length)));
        using var client = server.ConnectOverSocket().OpenSimple();

        client.Request(Wire.Read, 1, 0, Length).ExpectSimple(1, 0, Wire.Filled(Length, Spliced));
        client.Request(Wire.Read, 2, 0, 1).ExpectSimple(2, 0, Read).Disconnect();
    }

    [Fact]
    public async Task APartIsThrownAwayAndTheReadServedAsAnyOther()
    {
        await using var server = new WireServer(new StaticSource(new SplicingDisk(length => length - 1)));
        using var client = server.ConnectOverSocket().OpenSimple();

        // The second one shows that nothing of the first was left.
        client.Request(Wire.Read, 1, 0, Length).ExpectSimple(1, 0, Wire.Filled(Length, Read));
        client.Request(Wire.Read, 2, 0, Length).ExpectSimple(2, 0, Wire.Filled(Length, Read)).Disconnect();
    }

    [Fact]
    public async Task ADiskThatThrowsBehindAPartLosesTheConnectionBeforeAWrongByteLeaves()
    {
        await using var server = new WireServer(new StaticSource(new SplicingDisk(length => throw new IOException("broken"))));
        using var client = server.ConnectOverSocket().OpenSimple();

        client.Request(Wire.Read, 1, 0, Length).ExpectEnd();
    }

    /// <summary>Puts all but the last byte into the pipe, then does what it was told, or puts the last one too.</summary>
    private sealed class SplicingDisk(Func<int, int> answer) : DiskFilter(new RecordingDisk { Fill = Read })
    {
        protected override bool PassesReads => false;

        public override int Splice(long offset, int length, int pipe)
        {
            using var stream = new FileStream(new SafeFileHandle(pipe, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            stream.Write(Wire.Filled(length - 1, Spliced));
            var count = answer(length);
            stream.Write(Wire.Filled(count - (length - 1), Spliced));
            return count;
        }
    }
}
