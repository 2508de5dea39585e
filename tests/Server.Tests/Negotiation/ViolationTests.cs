using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>A client that breaks the rules of the handshake is told what it asked before, even when all came in one piece.</summary>
public sealed class ViolationTests
{
    [Fact]
    public async Task OptionsInFrontOfAViolationAreAnswered()
    {
        await using var server = new WireServer(new RecordingDisk());

        server.Connect()
            .Expect(Wire.Greeting())
            .Send([.. Wire.U32(Wire.BothClientFlags), .. Wire.Option(Wire.StructuredReply, []), .. new byte[16]])
            .ExpectReply(Wire.StructuredReply, Wire.Ack)
            .ExpectEnd();
    }
}
