using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_STARTTLS on a server without credentials.</summary>
public sealed class StartTlsOptionTests : IAsyncDisposable
{
    private readonly WireServer _server = new(new RecordingDisk());

    [Fact]
    public void ItIsAgainstThePolicyAndTheClientMayGoOnWithout()
        => _server.Connect().Greet().Option(Wire.StartTls).ExpectError(Wire.StartTls, Wire.ErrPolicy, "TLS").Go().Disconnect();

    [Fact]
    public void WithDataItIsInvalid()
        => _server.Connect().Greet().Option(Wire.StartTls, 0).ExpectError(Wire.StartTls, Wire.ErrInvalid).Go().Disconnect();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
