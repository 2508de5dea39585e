using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>The greeting and what clients answer to it.</summary>
public sealed class ClientFlagsTests : IAsyncDisposable
{
    private readonly WireServer _server = new(new RecordingDisk());

    [Fact]
    public void AllFlagsThatWereOfferedAreTaken()
        => _server.Connect().Greet(3).Go().Disconnect();

    [Theory]
    [InlineData(4u)]
    [InlineData(7u)]
    [InlineData(0x80000003u)]
    [InlineData(0x00010000u)]
    public void FlagsThatWereNotOfferedCloseTheConnectionWithOneLine(uint flags)
    {
        _server.Connect().Greet(flags).ExpectEnd();

        Assert.Contains("only 0x3 were offered", _server.Log.WaitFor("flags"), StringComparison.Ordinal);
        Assert.Single(_server.Log.Lines);
    }

    [Fact]
    public void WithoutFixedNewstyleOtherOptionsAreInvalidButExportNameIsServed()
        => _server.Connect()
            .Greet(0)
            .Option(Wire.List).ExpectError(Wire.List, Wire.ErrInvalid, "fixed newstyle")
            .Option(Wire.Go, Wire.InfoData("")).ExpectError(Wire.Go, Wire.ErrInvalid)
            .Option(Wire.Abort).ExpectError(Wire.Abort, Wire.ErrInvalid)
            .Option(999, 1, 2, 3).ExpectError(999, Wire.ErrInvalid)
            .Option(Wire.ExportName)
            .Expect([.. Wire.U64(1 << 20), .. Wire.U16(0x0d6d), .. new byte[124]])
            .Disconnect();

    [Fact]
    public void AClientThatLeavesBehindTheGreetingIsNoReasonForALine()
    {
        using (var client = _server.Connect().Expect(Wire.Greeting()))
        {
            client.Dispose();
        }

        _server.Connect().Greet().Go().Disconnect();
        Assert.Empty(_server.Log.Lines);
    }

    [Fact]
    public void AWrongOptionMagicClosesTheConnectionWithOneLine()
    {
        _server.Connect().Greet().Send([.. "IHAVEOPS"u8, .. Wire.U32(Wire.List), .. Wire.U32(0)]).ExpectEnd();

        _server.Log.WaitFor("wrong option magic");
        Assert.Single(_server.Log.Lines);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
