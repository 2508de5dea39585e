using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>A server without credentials ("NOTLS mode").</summary>
public sealed class NoTlsTests
{
    [Fact]
    public async Task StartTlsIsAgainstThePolicyOrInvalidAndTheClientMayGoOnWithout()
    {
        await using var server = new WireServer(new RecordingDisk());
        server.Connect().Greet()
            .Option(Wire.StartTls).ExpectError(Wire.StartTls, Wire.ErrPolicy, "TLS")
            .Option(Wire.StartTls, 1, 2).ExpectError(Wire.StartTls, Wire.ErrInvalid, "no data")
            .Go()
            .Disconnect();
    }
}
