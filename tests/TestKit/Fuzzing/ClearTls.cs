using SharpNbd.Server;

namespace SharpNbd.TestKit;

/// <summary>
/// Stands for TLS in fuzzed connections and encrypts nothing: a fuzzer cannot forge records, but the handshake behind them is as
/// reachable for a client that has a key as the one before.
/// </summary>
internal sealed class ClearTls : TlsCredentials
{
    public override TlsSession Accept(TlsWire wire) => new Session(wire);

    private sealed class Session(TlsWire wire) : TlsSession(wire, "nothing")
    {
        protected override void SayGoodbye()
        {
        }
    }
}
