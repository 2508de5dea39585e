using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>What a disk throws becomes the error of that one request, whether it throws at once or later.</summary>
public sealed class DiskFailureTests
{
    public static TheoryData<Exception, uint> Failures => new()
    {
        { new NbdException(NbdError.EPERM, "why"), Wire.NotPermitted },
        { new NbdException(NbdError.EIO, "why"), Wire.InputOutput },
        { new NbdException(NbdError.ENOMEM, "why"), Wire.NoMemory },
        { new NbdException(NbdError.EINVAL, "why"), Wire.Invalid },
        { new NbdException(NbdError.ENOSPC, "why"), Wire.NoSpace },
        { new NbdException(NbdError.ESHUTDOWN, "why"), Wire.Shutdown },
        { new IOException("why", 28), Wire.NoSpace }, // ENOSPC of the host
        { new IOException("why", 122), Wire.NoSpace }, // EDQUOT
        { new IOException("why", 27), Wire.NoSpace }, // EFBIG
        { new IOException("why", 30), Wire.NotPermitted }, // EROFS
        { new IOException("why", 5), Wire.InputOutput },
        { new IOException("why", 4242), Wire.InputOutput },
        { new EndOfStreamException("why"), Wire.InputOutput },
        { new UnauthorizedAccessException("why"), Wire.NotPermitted },
        { new InsufficientMemoryException("why"), Wire.NoMemory },
        { new OperationCanceledException("why"), Wire.InputOutput }, // not by us: a time limit of its own
        { new InvalidOperationException("why"), Wire.InputOutput },
        { new NotImplementedException("why"), Wire.InputOutput },
        { new AggregateException("why"), Wire.InputOutput },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task AtOnceAndTheConnectionGoesOn(Exception exception, uint error)
    {
        var disk = new RecordingDisk { Fails = call => call.Range.Offset == 512 ? exception : null };
        await using var server = new WireServer(disk);
        server.Connect().OpenSimple()
            .Request(Wire.Read, 1, 512, 512).ExpectSimple(1, error)
            .Write(2, 512, [1, 2, 3]).ExpectSimple(2, error)
            .Request(Wire.Trim, 3, 512, 1).ExpectSimple(3, error)
            .Request(Wire.WriteZeroes, 4, 512, 1).ExpectSimple(4, error)
            .Request(Wire.Cache, 5, 512, 1).ExpectSimple(5, error)
            .Request(Wire.Read, 6, 0, 1).ExpectSimple(6, 0, 0)
            .Disconnect();
    }

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task LaterAndTheConnectionGoesOn(Exception exception, uint error)
    {
        var disk = new RecordingDisk { CompletesAtOnce = false };
        await using var server = new WireServer(disk);
        var client = server.Connect().OpenStructured();
        client.Request(Wire.Read, 1, 512, 512);
        (await disk.NextCallAsync()).Fail(exception);
        client.ExpectErrorChunk(1, error, "why");

        client.Request(Wire.Flush, 2, 0, 0);
        (await disk.NextCallAsync()).Fail(exception);
        client.ExpectErrorChunk(2, error, "why");

        client.Request(Wire.BlockStatus, 3, 0, 512);
        (await disk.NextCallAsync()).Fail(exception);
        client.ExpectErrorChunk(3, error, "why");

        client.Request(Wire.Read, 4, 0, 1);
        (await disk.NextCallAsync()).Complete();
        client.Expect(Wire.OffsetData(4, 0, [0])).Disconnect();
    }

    [Fact]
    public async Task NotSupportedIsSaidOnlyToAClientThatWantsItFast()
    {
        var disk = new RecordingDisk { Fails = _ => new NbdException(NbdError.ENOTSUP, "not here") };
        await using var server = new WireServer(disk);
        server.Connect().OpenStructured()
            .Request(Wire.WriteZeroes, 1, 0, 512, Wire.FastZero).ExpectErrorChunk(1, Wire.NotSupported, "not here")
            .Request(Wire.WriteZeroes, 2, 0, 512).ExpectErrorChunk(2, Wire.Invalid, "not here")
            .Request(Wire.Read, 3, 0, 512).ExpectErrorChunk(3, Wire.Invalid)
            .Disconnect();
    }

    [Fact]
    public async Task TooLargeIsSaidOnlyToAClientThatWantsOnePiece()
    {
        var disk = new RecordingDisk { Fails = _ => new NbdException(NbdError.EOVERFLOW, "too long") };
        await using var server = new WireServer(disk);
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 0, 512, Wire.DontFragment).ExpectErrorChunk(1, Wire.Overflow, "too long")
            .Request(Wire.Read, 2, 0, 512).ExpectErrorChunk(2, Wire.Invalid, "too long")
            .Disconnect();
    }

    [Fact]
    public async Task AReadThatFailsHasNoDataBehindTheErrorInSimpleReplies()
    {
        var disk = new RecordingDisk { Fails = call => call.Range.Length == 4096 ? new IOException("bad sector") : null };
        await using var server = new WireServer(disk);
        server.Connect().OpenSimple()
            .Send([.. Wire.Request(Wire.Read, 1, 0, 4096), .. Wire.Request(Wire.Read, 2, 0, 1)])
            .ExpectSimple(1, Wire.InputOutput)
            .ExpectSimple(2, 0, 0)
            .Disconnect();
    }

    [Fact]
    public async Task AFailureIsLoggedOnceAndOneThatWasAskedForIsNot()
    {
        var disk = new RecordingDisk
        {
            Fails = call => call.Range.Offset switch
            {
                0 => new NbdException(NbdError.EIO, "a real one"),
                1 => new NbdException(NbdError.EIO, "an injected one") { IsLogged = true },
                _ => null,
            },
        };
        await using var server = new WireServer(disk);
        server.Connect().OpenSimple()
            .Request(Wire.Read, 1, 0, 1).ExpectSimple(1, Wire.InputOutput)
            .Request(Wire.Read, 2, 1, 1).ExpectSimple(2, Wire.InputOutput)
            .Disconnect();

        Assert.Equal("Error: test.1: Read of 1 bytes at 0: EIO: a real one", Assert.Single(server.Log.Lines));
    }

    [Fact]
    public async Task ALongReasonIsCutToWhatTheProtocolAllows()
    {
        var disk = new RecordingDisk { Fails = _ => new IOException(new string('y', 10_000)) };
        await using var server = new WireServer(disk);
        server.Connect().OpenStructured()
            .Request(Wire.Read, 1, 0, 1).Expect(
                Wire.LastChunk(Wire.ErrorChunk, 1, [.. Wire.U32(Wire.InputOutput), .. Wire.U16(4096), .. Wire.Filled(4096, (byte)'y')]))
            .Disconnect();
    }

    [Fact]
    public async Task ADiskThatFindsNoExtentsHasFailed()
    {
        // A descriptor there must be: without one the client could not go on.
        await using var server = new WireServer(new RecordingDisk { Extents = _ => { } });
        server.Connect().OpenStructured()
            .Request(Wire.BlockStatus, 1, 0, 512).ExpectErrorChunk(1, Wire.InputOutput)
            .Disconnect();
    }

    [Fact]
    public async Task ADiskThatCannotBeClosedIsOneLineAndTheConnectionEnds()
    {
        await using var server = new WireServer(new StaticSource(_ => new UnclosableDisk()));
        server.Connect().OpenSimple().Disconnect();

        Assert.Equal("Error: test.1: closing the disk failed: it clings", Assert.Single(server.Log.Lines));
    }

    private sealed class UnclosableDisk : Disk
    {
        public override long Size => 512;

        public override DiskCapabilities Capabilities { get; } = new();

        public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
            => ValueTask.CompletedTask;

        public override ValueTask DisposeAsync() => throw new IOException("it clings");
    }
}
