using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Requests that must not reach the disk: the error number, and the connection goes on.</summary>
public sealed class RefusedRequestTests : IAsyncDisposable
{
    private const ulong Size = 1 << 20;
    private const ushort Unknown = 0x8000;

    private readonly List<WireServer> _servers = [];

    [Theory]

    // Beyond the end: writes are out of space, all else is invalid.
    [InlineData(Wire.Read, Size, 1, 0, Wire.Invalid)]
    [InlineData(Wire.Read, Size - 1, 2, 0, Wire.Invalid)]
    [InlineData(Wire.Read, ulong.MaxValue, 1, 0, Wire.Invalid)]
    [InlineData(Wire.Read, ulong.MaxValue, uint.MaxValue, 0, Wire.Invalid)]
    [InlineData(Wire.Read, 1UL << 63, 1, 0, Wire.Invalid)]
    [InlineData(Wire.Trim, Size - 1, 2, 0, Wire.Invalid)]
    [InlineData(Wire.Cache, Size - 1, 2, 0, Wire.Invalid)]
    [InlineData(Wire.BlockStatus, Size - 1, 2, 0, Wire.Invalid)]
    [InlineData(Wire.WriteZeroes, Size - 1, 2, 0, Wire.NoSpace)]
    [InlineData(Wire.WriteZeroes, ulong.MaxValue, 2, 0, Wire.NoSpace)]

    // Nothing at all, where the numbers are nbdkit's.
    [InlineData(Wire.Read, 0, 0, 0, Wire.Invalid)]
    [InlineData(Wire.Trim, 0, 0, 0, Wire.Invalid)]
    [InlineData(Wire.Cache, 0, 0, 0, Wire.Invalid)]
    [InlineData(Wire.BlockStatus, 0, 0, 0, Wire.Invalid)]
    [InlineData(Wire.WriteZeroes, 0, 0, 0, Wire.NoSpace)]
    [InlineData(Wire.Write, 0, 0, 0, Wire.NoSpace)]

    // A flush is about everything.
    [InlineData(Wire.Flush, 1, 0, 0, Wire.Invalid)]
    [InlineData(Wire.Flush, 0, 1, 0, Wire.Invalid)]

    // Flags of other commands.
    [InlineData(Wire.Read, 0, 1, Wire.NoHole, Wire.Invalid)]
    [InlineData(Wire.Read, 0, 1, Wire.ReqOne, Wire.Invalid)]
    [InlineData(Wire.Read, 0, 1, Wire.FastZero, Wire.Invalid)]
    [InlineData(Wire.Read, 0, 1, Unknown, Wire.Invalid)]
    [InlineData(Wire.Flush, 0, 0, Wire.NoHole, Wire.Invalid)]
    [InlineData(Wire.Flush, 0, 0, Unknown, Wire.Invalid)]
    [InlineData(Wire.Trim, 0, 1, Wire.NoHole, Wire.Invalid)]
    [InlineData(Wire.Trim, 0, 1, Wire.DontFragment, Wire.Invalid)]
    [InlineData(Wire.Cache, 0, 1, Wire.ReqOne, Wire.Invalid)]
    [InlineData(Wire.Cache, 0, 1, 32, Wire.Invalid)]
    [InlineData(Wire.WriteZeroes, 0, 1, Wire.DontFragment, Wire.Invalid)]
    [InlineData(Wire.WriteZeroes, 0, 1, Wire.ReqOne, Wire.Invalid)]
    [InlineData(Wire.BlockStatus, 0, 1, Wire.DontFragment, Wire.Invalid)]
    [InlineData(Wire.BlockStatus, 0, 1, Wire.NoHole, Wire.Invalid)]

    // Commands that do not exist, among them RESIZE.
    [InlineData(8, 0, 1, 0, Wire.Invalid)]
    [InlineData(0xffff, 0, 1, 0, Wire.Invalid)]
    public void OnADiskThatCanDoEverything(int command, ulong offset, uint length, int flags, uint error)
        => AssertRefused(RecordingDisk.Everything, (ushort)command, offset, length, (ushort)flags, error);

    [Theory]
    [InlineData(Wire.Read, Size - 511, Wire.Invalid)]
    [InlineData(Wire.Trim, 1, Wire.Invalid)]
    [InlineData(Wire.WriteZeroes, 1, Wire.Invalid)]
    [InlineData(Wire.WriteZeroes, Size - 511, Wire.NoSpace)]
    public void WhatDoesNotFitTheMinimumBlock(int command, ulong offset, uint error)
    {
        var capabilities = RecordingDisk.Everything with { BlockSize = new BlockSize(512, 4096, 32 << 20) };
        AssertRefused(capabilities, (ushort)command, offset, 512, 0, error);
        AssertRefused(capabilities, Wire.Read, 0, 511, 0, Wire.Invalid);
    }

    [Fact]
    public void WhatIsLongerThanTheMaximumBlock()
    {
        const uint maximum = 33 << 20;
        var disk = new RecordingDisk(1L << 40)
        {
            OfferedCapabilities = RecordingDisk.Everything with { BlockSize = new BlockSize(512, 4096, maximum) },
        };
        Serve(disk).Connect().OpenStructured()
            .Request(Wire.Read, 1, 0, maximum + 512).ExpectErrorChunk(1, Wire.Invalid, "maximum block size")
            .Write(2, 0, new byte[maximum + 512]).ExpectErrorChunk(2, Wire.Invalid, "maximum block size")
            .Request(Wire.Trim, 3, 0, 1 << 30).ExpectSimple(3)
            .Request(Wire.WriteZeroes, 4, 0, 1 << 30).ExpectSimple(4)
            .Request(Wire.Read, 5, 0, 512).Expect(Wire.OffsetData(5, 0, new byte[512]))
            .Disconnect();

        Assert.Equal([DiskOperation.Trim, DiskOperation.Zero, DiskOperation.Read], disk.Calls.Select(call => call.Operation));
    }

    [Theory]
    [InlineData(Wire.Trim)]
    [InlineData(Wire.WriteZeroes)]
    public void ChangesOfAReadOnlyDiskAreNotPermitted(int command)
        => AssertRefused(new DiskCapabilities { CanFlush = true }, (ushort)command, 0, 512, 0, Wire.NotPermitted);

    [Fact]
    public void OutOfRangeComesBeforeReadOnly()
        => AssertRefused(new DiskCapabilities(), Wire.WriteZeroes, Size, 512, 0, Wire.NoSpace);

    [Theory]
    [InlineData(Wire.Trim, 0, 512)]
    [InlineData(Wire.WriteZeroes, 0, 512)]
    [InlineData(Wire.Cache, 0, 512)]
    [InlineData(Wire.Flush, 0, 0)]
    public void CommandsThatWereNotOfferedAreInvalid(int command, ulong offset, uint length)
        => AssertRefused(new DiskCapabilities { CanWrite = true }, (ushort)command, offset, length, 0, Wire.Invalid);

    [Fact]
    public void FlagsThatWereNotOfferedAreInvalid()
    {
        var modest = RecordingDisk.Everything with { Fua = Support.None, CanFastZero = false };
        AssertRefused(modest, Wire.Read, 0, 512, Wire.Fua, Wire.Invalid);
        AssertRefused(modest, Wire.WriteZeroes, 0, 512, Wire.Fua, Wire.Invalid);
        AssertRefused(modest, Wire.WriteZeroes, 0, 512, Wire.FastZero, Wire.Invalid);
        AssertRefused(modest, Wire.Flush, 0, 0, Wire.Fua, Wire.Invalid);
    }

    [Fact]
    public void WithoutStructuredRepliesNothingMayAskNotToBeFragmented()
        => Serve(RecordingDisk.Everything).Connect().OpenSimple()
            .Request(Wire.Read, 1, 0, 1, Wire.DontFragment).ExpectSimple(1, Wire.Invalid)
            .Disconnect();

    [Fact]
    public void BlockStatusNeedsAContext()
        => Serve(RecordingDisk.Everything).Connect().Greet().WantStructuredReplies().Go()
            .Request(Wire.BlockStatus, 1, 0, 512).ExpectErrorChunk(1, Wire.Invalid, "meta context")
            .Disconnect();

    [Theory]
    [InlineData(Size - 1, 2, 0, Wire.NoSpace)]
    [InlineData(ulong.MaxValue - 1, 2, 0, Wire.NoSpace)]
    [InlineData(0, 2, Wire.NoHole, Wire.Invalid)]
    [InlineData(0, 2, Wire.DontFragment, Wire.Invalid)]
    [InlineData(0, 2, Wire.ReqOne, Wire.Invalid)]
    [InlineData(0, 2, Wire.FastZero, Wire.Invalid)]
    [InlineData(0, 2, Unknown, Wire.Invalid)]
    [InlineData(0, 1_500_000, 0, Wire.NoSpace)]
    public void AWriteThatIsRefusedHasItsPayloadSkipped(ulong offset, int length, int flags, uint error)
    {
        var disk = new RecordingDisk((long)Size);
        Serve(disk).Connect().OpenSimple()
            .Write(1, offset, Wire.Filled(length, 0x25), (ushort)flags).ExpectSimple(1, error)
            .Write(2, 5, [1, 2]).ExpectSimple(2)
            .Disconnect();

        Assert.Equal(new ByteRange(5, 2), Assert.Single(disk.Calls).Range);
    }

    [Fact]
    public void AWriteToAReadOnlyDiskIsNotPermittedAndSkipped()
    {
        var disk = new RecordingDisk((long)Size) { OfferedCapabilities = new DiskCapabilities() };
        Serve(disk).Connect().OpenSimple()
            .Write(1, 0, new byte[100_000]).ExpectSimple(1, Wire.NotPermitted)
            .Request(Wire.Read, 2, 0, 1).ExpectSimple(2, 0, 0)
            .Disconnect();

        Assert.Equal(DiskOperation.Read, Assert.Single(disk.Calls).Operation);
    }

    [Fact]
    public void AReadOfMoreThanTheLongestPayloadIsTooMuchMemory()
        => Serve(new RecordingDisk(1L << 40)).Connect().OpenSimple()
            .Request(Wire.Read, 1, 0, (64 << 20) + 1).ExpectSimple(1, Wire.NoMemory)
            .Request(Wire.Read, 2, 0, uint.MaxValue).ExpectSimple(2, Wire.NoMemory)
            .Request(Wire.Read, 3, 0, 1).ExpectSimple(3, 0, 0)
            .Disconnect();

    [Fact]
    [Trait("Category", "Slow")]
    public void AWriteOfALittleMoreThanTheLongestPayloadIsSkippedAndRefused()
        => Serve(new RecordingDisk(1L << 40)).Connect().OpenSimple()
            .Write(1, 0, new byte[(64 << 20) + 1]).ExpectSimple(1, Wire.NoMemory)
            .Request(Wire.Read, 2, 0, 1).ExpectSimple(2, 0, 0)
            .Disconnect();

    [Fact]
    public void AWriteThatIsTooLongToBeSkippedClosesTheConnectionWithOneLine()
    {
        var server = Serve(new RecordingDisk(1L << 40));
        server.Connect().OpenSimple().Request(Wire.Write, 1, 0, (128 << 20) + 1).ExpectEnd();

        server.Log.WaitFor("a write of 134217729 bytes");
        Assert.Single(server.Log.Lines);
    }

    [Fact]
    public void AWrongMagicClosesTheConnectionWithOneLineBehindTheAnswersToWhatCameBefore()
    {
        var server = Serve(RecordingDisk.Everything);
        server.Connect().OpenSimple()
            .Send([.. Wire.Request(Wire.Read, 1, 0, 2), .. Wire.U32(0x25609514), .. new byte[24]])
            .ExpectSimple(1, 0, 0, 0)
            .ExpectEnd();

        server.Log.WaitFor("wrong request magic 0x25609514");
        Assert.Single(server.Log.Lines);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private void AssertRefused(DiskCapabilities capabilities, ushort command, ulong offset, uint length, ushort flags, uint error)
    {
        var disk = new RecordingDisk((long)Size) { OfferedCapabilities = capabilities };
        var server = Serve(disk);
        server.Connect().OpenSimple()
            .Request(command, 1, offset, length, flags).ExpectSimple(1, error)
            .Request(Wire.Read, 2, 0, 512).ExpectSimple(2, 0, new byte[512])
            .Disconnect();
        server.Connect().OpenStructured()
            .Request(command, 1, offset, length, flags).ExpectErrorChunk(1, error)
            .Request(Wire.Read, 2, 0, 512).Expect(Wire.OffsetData(2, 0, new byte[512]))
            .Disconnect();

        Assert.All(disk.Calls, call => Assert.Equal("Read 0+512 flags=0", $"{call}"));
        Assert.Equal(2, disk.Calls.Count);
    }

    private WireServer Serve(DiskCapabilities capabilities) => Serve(new RecordingDisk((long)Size) { OfferedCapabilities = capabilities });

    private WireServer Serve(RecordingDisk disk)
    {
        var server = new WireServer(new StaticSource(disk));
        _servers.Add(server);
        return server;
    }
}
