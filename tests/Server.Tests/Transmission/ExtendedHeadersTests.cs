using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>The transmission phase with extended headers, spoken byte by byte.</summary>
public sealed class ExtendedHeadersTests : IAsyncDisposable
{
    private const long Size = 1L << 50;
    private const ulong FourGiB = 1UL << 32;

    private readonly List<WireServer> _servers = [];

    [Fact]
    public void LengthsOfSixtyFourBitsReachTheDiskWhole()
    {
        var disk = new RecordingDisk(Size);
        Serve(disk)
            .ExtendedRequest(Wire.Trim, 1, 512, FourGiB).ExpectDone(1, 512)
            .ExtendedRequest(Wire.WriteZeroes, 2, 0, (ulong)Size, Wire.Fua | Wire.NoHole).ExpectDone(2, 0)
            .ExtendedRequest(Wire.Cache, 3, 1 << 20, FourGiB + 1).ExpectDone(3, 1 << 20)
            .ExtendedRequest(Wire.BlockStatus, 4, 0, (ulong)Size).Expect(ExtendedWire.Status(4, 0, ((ulong)Size, 0)))
            .ExtendedRequest(Wire.Flush, 5, 0, 0).ExpectDone(5, 0)
            .DisconnectExtended();

        Assert.Equal(
            [new(512, 1L << 32), new(0, Size), new(1 << 20, (1L << 32) + 1), new(0, Size), default],
            disk.Calls.Select(call => call.Range));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(100_000)] // received straight into its own memory where there is a socket
    public void AWriteHasItsPayloadBehindTheHeader(int length)
    {
        var payload = Wire.Filled(length, 0x5a);
        foreach (var isSocket in (bool[])[false, true])
        {
            var disk = new RecordingDisk(Size);
            var write = ExtendedWire.RequestWithPayload(Wire.Write, 7, 4096, payload, Wire.Fua);
            Open(disk, isSocket)
                .Send([.. write, .. write, .. ExtendedWire.Request(Wire.Read, 8, 0, 1)])
                .ExpectDone(7, 4096).ExpectDone(7, 4096).Expect(ExtendedWire.OffsetData(8, 0, [0]))
                .DisconnectExtended();

            Assert.Equal(payload, disk.Calls[0].Data);
            Assert.Equal(payload, disk.Calls[1].Data);
            Assert.Equal((int)WriteFlags.Fua, disk.Calls[0].Flags);
        }
    }

    [Fact]
    public void ARepliesOffsetIsTheRequestsAlsoInErrors()
        => Serve(new RecordingDisk(Size) { Fails = call => call.Range.Offset == 4096 ? new IOException("bad sector") : null })
            .ExtendedRequest(Wire.Read, 1, 4096, 512).ExpectExtendedError(1, 4096, Wire.InputOutput, "bad sector")
            .ExtendedRequest(Wire.Read, 2, ulong.MaxValue, 1).ExpectExtendedError(2, ulong.MaxValue, Wire.Invalid, "beyond the end")
            .ExtendedRequest(Wire.Flush, 3, 17, 0).ExpectExtendedError(3, 17, Wire.Invalid, "flush")
            .ExtendedRequest(99, 4, 5, 6).ExpectExtendedError(4, 5, Wire.Invalid, "unknown command")
            .DisconnectExtended();

    [Fact]
    public void ExtentsOfAnyLengthAreOneDescriptor()
    {
        var disk = new RecordingDisk(Size)
        {
            Extents = list =>
            {
                list.Add(0, 1L << 40, ExtentFlags.Hole | ExtentFlags.Zero);
                list.Add(1L << 40, 512, ExtentFlags.Data);
                list.Add((1L << 40) + 512, 1L << 41, ExtentFlags.Zero);
            },
        };
        Serve(disk)
            .ExtendedRequest(Wire.BlockStatus, 1, 512, 1UL << 41)
            .Expect(ExtendedWire.Status(1, 512, ((1UL << 40) - 512, 3), (512, 0), (1UL << 41, 2)))
            .ExtendedRequest(Wire.BlockStatus, 2, 0, 1 << 20, Wire.ReqOne).Expect(ExtendedWire.Status(2, 0, (1 << 20, 3)))
            .DisconnectExtended();
    }

    [Theory]
    [InlineData(Wire.Read, Size - 1, 2UL, Wire.Invalid)]
    [InlineData(Wire.Trim, 0L, ulong.MaxValue, Wire.Invalid)]
    [InlineData(Wire.Trim, 1L, ulong.MaxValue, Wire.Invalid)] // wraps around
    [InlineData(Wire.Cache, 0L, (ulong)Size + 1, Wire.Invalid)]
    [InlineData(Wire.BlockStatus, 0L, 1UL << 63, Wire.Invalid)]
    [InlineData(Wire.WriteZeroes, 512L, (ulong)Size, Wire.NoSpace)]
    [InlineData(Wire.WriteZeroes, 0L, 0UL, Wire.NoSpace)]
    [InlineData(Wire.Read, 0L, FourGiB, Wire.NoMemory)] // reads have a payload, of which there is a longest
    [InlineData(Wire.Read, 0L, FourGiB + 1, Wire.NoMemory)]
    [InlineData(Wire.Read, 0L, (ulong)Size, Wire.NoMemory)]
    public void WhatDoesNotFitIsRefused(int command, long offset, ulong length, uint error)
    {
        var disk = new RecordingDisk(Size);
        Serve(disk)
            .ExtendedRequest((ushort)command, 1, (ulong)offset, length).ExpectExtendedError(1, (ulong)offset, error)
            .ExtendedRequest(Wire.Read, 2, 0, 1).Expect(ExtendedWire.OffsetData(2, 0, [0]))
            .DisconnectExtended();

        Assert.Equal(DiskOperation.Read, Assert.Single(disk.Calls).Operation);
    }

    [Theory]
    [InlineData(Wire.Read)]
    [InlineData(Wire.Flush)]
    [InlineData(Wire.Trim)]
    [InlineData(Wire.Cache)]
    [InlineData(Wire.WriteZeroes)]
    [InlineData(99)]
    public void APayloadWhereNoneBelongsIsSkippedAndInvalid(int command)
    {
        var disk = new RecordingDisk(Size);
        Serve(disk)
            .Send(ExtendedWire.RequestWithPayload((ushort)command, 1, 0, new byte[70_000])).ExpectExtendedError(1, 0, Wire.Invalid, "payload")
            .ExtendedRequest((ushort)command, 2, 0, 0, Wire.PayloadLen).ExpectExtendedError(2, 0, Wire.Invalid, "payload")
            .ExtendedRequest(Wire.Read, 3, 0, 1).Expect(ExtendedWire.OffsetData(3, 0, [0]))
            .DisconnectExtended();

        Assert.Single(disk.Calls);
    }

    [Fact]
    public void BlockStatusTakesTheIdsOfContexts()
    {
        var disk = new RecordingDisk(Size);
        Serve(disk)
            .Send(ExtendedWire.RequestWithPayload(Wire.BlockStatus, 1, 512, ExtendedWire.Contexts(1UL << 40, 1)))
            .Expect(ExtendedWire.Status(1, 512, (1UL << 40, 0)))
            .Send(ExtendedWire.RequestWithPayload(Wire.BlockStatus, 2, 0, ExtendedWire.Contexts(4096, 1), Wire.ReqOne))
            .Expect(ExtendedWire.Status(2, 0, (4096, 0)))
            .DisconnectExtended();

        Assert.Equal([new(512, 1L << 40), new(0, 4096)], disk.Calls.Select(call => call.Range));
    }

    public static TheoryData<byte[]> WrongContexts => new()
    {
        ExtendedWire.Contexts(512, 2), // an unknown one
        ExtendedWire.Contexts(512, 0),
        ExtendedWire.Contexts(512), // none
        ExtendedWire.Contexts(512, 1, 1), // one twice
        ExtendedWire.Contexts(512, [.. Enumerable.Repeat(1u, 50_000)]),
        ExtendedWire.Contexts(0, 1), // an effect of no length
        ExtendedWire.Contexts((ulong)Size + 1, 1), // beyond the end
        ExtendedWire.Contexts(512, 1)[..11], // no whole id
        (byte[])[.. ExtendedWire.Contexts(512, 1), 0],
        new byte[] { 1 },
    };

    [Theory]
    [MemberData(nameof(WrongContexts), DisableDiscoveryEnumeration = true)]
    public void WrongIdsOfContextsAreSkippedAndInvalid(byte[] payload)
    {
        var disk = new RecordingDisk(Size);
        Serve(disk)
            .Send(ExtendedWire.RequestWithPayload(Wire.BlockStatus, 1, 0, payload)).ExpectExtendedError(1, 0, Wire.Invalid)
            .ExtendedRequest(Wire.BlockStatus, 2, 0, 512).Expect(ExtendedWire.Status(2, 0, (512, 0)))
            .DisconnectExtended();

        Assert.Single(disk.Calls);
    }

    [Fact]
    public void WithoutAContextBlockStatusIsInvalidInBothForms()
        => Connect(new RecordingDisk(Size)).Greet().WantExtendedHeaders().Go()
            .Send(ExtendedWire.RequestWithPayload(Wire.BlockStatus, 1, 0, ExtendedWire.Contexts(512, 1))).ExpectExtendedError(1, 0, Wire.Invalid)
            .ExtendedRequest(Wire.BlockStatus, 2, 0, 512).ExpectExtendedError(2, 0, Wire.Invalid, "meta context")
            .DisconnectExtended();

    [Fact]
    public void InCompactRequestsThePayloadFlagIsUnknown()
        => Connect(new RecordingDisk(Size)).OpenStructured()
            .Write(1, 0, [1, 2, 3], Wire.PayloadLen).ExpectErrorChunk(1, Wire.Invalid)
            .Request(Wire.BlockStatus, 2, 0, 12, Wire.PayloadLen).ExpectErrorChunk(2, Wire.Invalid)
            .Request(Wire.Read, 3, 0, 1).Expect(Wire.OffsetData(3, 0, [0]))
            .Disconnect();

    [Fact]
    public void AWriteWithoutThePayloadFlagClosesTheConnectionBeforeItsDataIsTakenForRequests()
    {
        var disk = new RecordingDisk(Size);
        var server = Start(disk);
        var inner = ExtendedWire.Request(Wire.WriteZeroes, 2, 0, (ulong)Size);
        server.Connect().OpenExtended()
            .ExtendedRequest(Wire.Flush, 0, 0, 0)
            .Send([.. ExtendedWire.Request(Wire.Write, 1, 0, (ulong)inner.Length), .. inner])
            .ExpectDone(0, 0)
            .ExpectEnd();

        server.Log.WaitFor("without the PAYLOAD_LEN flag");
        Assert.Equal(DiskOperation.Flush, Assert.Single(disk.Calls).Operation);
    }

    [Theory]
    [InlineData(Wire.Write, (64UL << 20) + 1)]
    [InlineData(Wire.Write, ulong.MaxValue)]
    [InlineData(Wire.BlockStatus, FourGiB + 12)]
    [InlineData(Wire.Trim, 1UL << 63)]
    public void APayloadThatIsLongerThanTheLongestClosesTheConnection(int command, ulong length)
    {
        var server = Start(new RecordingDisk(Size));
        server.Connect().OpenExtended().ExtendedRequest((ushort)command, 1, 0, length, Wire.PayloadLen).ExpectEnd();

        server.Log.WaitFor($"a payload of {length} bytes");
    }

    [Fact]
    public void ACompactRequestClosesTheConnection()
    {
        var server = Start(new RecordingDisk(Size));
        server.Connect().OpenExtended().Send([.. Wire.Request(Wire.Read, 1, 0, 1), .. new byte[4]]).ExpectEnd();

        server.Log.WaitFor("wrong extended request magic 0x25609513");
    }

    [Theory]
    [InlineData(Wire.Write, 100)]
    [InlineData(Wire.Write, 100_000)]
    [InlineData(Wire.BlockStatus, 12)]
    [InlineData(Wire.Trim, 100_000)]
    public void APayloadThatIsCutOffIsOneLineAndNothingIsDone(int command, int length)
    {
        var disk = new RecordingDisk(Size);
        var server = Start(disk);
        var request = ExtendedWire.RequestWithPayload((ushort)command, 1, 0, new byte[length]);
        server.Connect().OpenExtended().Send(request[..^1]).Dispose();

        server.Log.WaitFor("was cut off");
        Assert.Empty(disk.Calls);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private WireClient Serve(RecordingDisk disk) => Connect(disk).OpenExtended();

    private WireClient Connect(RecordingDisk disk) => Start(disk).Connect();

    private WireClient Open(RecordingDisk disk, bool isSocket)
    {
        var server = Start(disk);
        return (isSocket ? server.ConnectOverSocket() : server.Connect()).OpenExtended();
    }

    private WireServer Start(RecordingDisk disk)
    {
        var server = new WireServer(disk);
        _servers.Add(server);
        return server;
    }
}
