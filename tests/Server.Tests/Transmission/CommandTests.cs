using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Every command with every flag that it takes: what reaches the disk, and what the client gets.</summary>
public sealed class CommandTests : IAsyncDisposable
{
    private readonly RecordingDisk _disk = new(1 << 20) { Fill = 0x5a };
    private readonly WireServer _server;

    public CommandTests() => _server = new WireServer(_disk);

    [Fact]
    public void AReadInSimpleReplies()
    {
        _server.Connect().OpenSimple()
            .Request(Wire.Read, 0x0102030405060708, 4096, 3)
            .Expect(
                0x67, 0x44, 0x66, 0x98,                         // simple reply magic
                0x00, 0x00, 0x00, 0x00,                         // error: none
                0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, // cookie
                0x5a, 0x5a, 0x5a)                               // data
            .Disconnect();

        AssertCall(DiskOperation.Read, 4096, 3, 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Wire.DontFragment)]
    [InlineData(Wire.Fua)]
    [InlineData(Wire.Fua | Wire.DontFragment)]
    public void AReadInStructuredReplies(int flags)
    {
        _server.Connect().OpenStructured()
            .Request(Wire.Read, 0x0102030405060708, 4096, 3, (ushort)flags)
            .Expect(
                0x66, 0x8e, 0x33, 0xef,                         // structured reply magic
                0x00, 0x01,                                     // flags: DONE
                0x00, 0x01,                                     // type: OFFSET_DATA
                0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, // cookie
                0x00, 0x00, 0x00, 0x0b,                         // length of the payload
                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, // offset
                0x5a, 0x5a, 0x5a)                               // data
            .Disconnect();

        AssertCall(DiskOperation.Read, 4096, 3, 0);
    }

    [Theory]
    [InlineData(0, WriteFlags.None)]
    [InlineData(Wire.Fua, WriteFlags.Fua)]
    public void AWrite(int flags, WriteFlags expected)
    {
        _server.Connect().OpenSimple()
            .Write(7, 100, [1, 2, 3, 4], (ushort)flags).ExpectSimple(7)
            .Disconnect();

        Assert.Equal([1, 2, 3, 4], AssertCall(DiskOperation.Write, 100, 4, (int)expected).Data);
    }

    [Fact]
    public void CommandsWithoutDataHaveSimpleRepliesAlsoWithStructuredOnes()
        => _server.Connect().OpenStructured()
            .Write(1, 0, [1]).ExpectSimple(1)
            .Request(Wire.Flush, 2, 0, 0).ExpectSimple(2)
            .Request(Wire.Trim, 3, 0, 1).ExpectSimple(3)
            .Request(Wire.Cache, 4, 0, 1).ExpectSimple(4)
            .Request(Wire.WriteZeroes, 5, 0, 1).ExpectSimple(5)
            .Disconnect();

    [Theory]
    [InlineData(0)]
    [InlineData(Wire.Fua)]
    public void AFlush(int flags)
    {
        _server.Connect().OpenSimple().Request(Wire.Flush, 1, 0, 0, (ushort)flags).ExpectSimple(1).Disconnect();

        AssertCall(DiskOperation.Flush, 0, 0, 0);
    }

    [Theory]
    [InlineData(0, WriteFlags.None)]
    [InlineData(Wire.Fua, WriteFlags.Fua)]
    public void ATrim(int flags, WriteFlags expected)
    {
        _server.Connect().OpenSimple().Request(Wire.Trim, 1, 512, 1 << 19, (ushort)flags).ExpectSimple(1).Disconnect();

        AssertCall(DiskOperation.Trim, 512, 1 << 19, (int)expected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Wire.Fua)]
    public void ACache(int flags)
    {
        _server.Connect().OpenSimple().Request(Wire.Cache, 1, 512, 1024, (ushort)flags).ExpectSimple(1).Disconnect();

        AssertCall(DiskOperation.Cache, 512, 1024, 0);
    }

    [Theory]
    [InlineData(0, ZeroFlags.MayTrim)]
    [InlineData(Wire.NoHole, (ZeroFlags)0)]
    [InlineData(Wire.Fua, ZeroFlags.MayTrim | ZeroFlags.Fua)]
    [InlineData(Wire.FastZero, ZeroFlags.MayTrim | ZeroFlags.Fast)]
    [InlineData(Wire.FastZero | Wire.NoHole | Wire.Fua, ZeroFlags.Fast | ZeroFlags.Fua)]
    public void AWriteOfZeroes(int flags, ZeroFlags expected)
    {
        _server.Connect().OpenSimple().Request(Wire.WriteZeroes, 1, 512, 1024, (ushort)flags).ExpectSimple(1).Disconnect();

        AssertCall(DiskOperation.Zero, 512, 1024, (int)expected);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(Wire.Fua, 0)]
    [InlineData(Wire.ReqOne, 1)]
    public void ABlockStatus(int flags, int firstOnly)
    {
        _server.Connect().OpenStructured()
            .Request(Wire.BlockStatus, 0x0102030405060708, 512, 1024, (ushort)flags)
            .Expect(
                0x66, 0x8e, 0x33, 0xef,                         // structured reply magic
                0x00, 0x01,                                     // flags: DONE
                0x00, 0x05,                                     // type: BLOCK_STATUS
                0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, // cookie
                0x00, 0x00, 0x00, 0x0c,                         // length of the payload
                0x00, 0x00, 0x00, 0x01,                         // id of the context
                0x00, 0x00, 0x04, 0x00,                         // length of the extent
                0x00, 0x00, 0x00, 0x00)                         // its state: data
            .Disconnect();

        AssertCall(DiskOperation.Extents, 512, 1024, firstOnly);
    }

    [Fact]
    public async Task ADiskWithoutExtentsIsAllData()
    {
        var disk = new RecordingDisk { OfferedCapabilities = RecordingDisk.Everything with { CanExtents = false } };
        await using var server = new WireServer(disk);
        server.Connect().OpenStructured().Request(Wire.BlockStatus, 1, 0, 1 << 20).Expect(Wire.Status(1, (1 << 20, 0))).Disconnect();

        Assert.Empty(disk.Calls);
    }

    [Fact]
    public void TheWholeOfTheLargestLengthIsTrimmedZeroedAndCached()
    {
        var disk = new RecordingDisk(1L << 40);
        var server = new WireServer(disk);
        server.Connect().OpenSimple()
            .Request(Wire.Trim, 1, 0, uint.MaxValue).ExpectSimple(1)
            .Request(Wire.WriteZeroes, 2, 0, uint.MaxValue).ExpectSimple(2)
            .Request(Wire.Cache, 3, 0, uint.MaxValue).ExpectSimple(3)
            .Disconnect();

        Assert.All(disk.Calls, call => Assert.Equal(uint.MaxValue, call.Range.Length));
    }

    [Fact]
    public async Task TheLastByteOfTheLargestDiskIsServed()
    {
        var disk = new RecordingDisk(long.MaxValue) { Fill = 1 };
        await using var server = new WireServer(disk);
        server.Connect().OpenSimple()
            .Request(Wire.Read, 1, long.MaxValue - 1, 1).ExpectSimple(1, 0, 1)
            .Request(Wire.Read, 2, long.MaxValue, 1).ExpectSimple(2, Wire.Invalid)
            .Disconnect();

        Assert.Equal(new ByteRange(long.MaxValue - 1, 1), Assert.Single(disk.Calls).Range);
    }

    [Fact]
    public void CookiesComeBackAsTheyAreAlsoTwice()
        => _server.Connect().OpenSimple()
            .Send([.. Wire.Request(Wire.Read, 0, 0, 1), .. Wire.Request(Wire.Read, ulong.MaxValue, 0, 1), .. Wire.Request(Wire.Read, 0, 0, 2)])
            .ExpectSimple(0, 0, 0x5a)
            .ExpectSimple(ulong.MaxValue, 0, 0x5a)
            .ExpectSimple(0, 0, 0x5a, 0x5a)
            .Disconnect();

    [Fact]
    public async Task DisconnectClosesTheDiskBeforeTheConnection()
    {
        _server.Connect().OpenSimple().Disconnect();

        // The client has seen the end, so this needs no wait.
        Assert.Equal(1, _disk.CloseCount);
        await _server.DisposeAsync();
        Assert.Empty(_server.Log.Lines);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private DiskCall AssertCall(DiskOperation operation, long offset, long length, int flags)
    {
        var call = Assert.Single(_disk.Calls);
        Assert.Equal((operation, new ByteRange(offset, length), flags), (call.Operation, call.Range, call.Flags));
        return call;
    }
}
