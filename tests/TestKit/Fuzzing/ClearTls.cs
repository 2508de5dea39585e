using SharpNbd.Server;

namespace SharpNbd.TestKit;

/// <summary>
/// Stands for TLS in fuzzed connections and encrypts nothing: a fuzzer cannot forge records, but the handshake behind them is as
/// reachable for a client that has a key as the one before.
/// </summary>
internal sealed class ClearTls : TlsCredentials
{
    public override TlsSession Accept(TlsWire wire) => new Session(wire);

    private sealed class Session(TlsWire wire) : TlsSession
    {
        public override int Read(Span<byte> buffer) => wire.Wait() ? wire.ReadArrived(buffer) : 0;

        public override void Write(ReadOnlySpan<byte> bytes) => wire.Write(bytes);

        public override void Close()
        {
        }

        public override void Dispose()
        {
        }
    }
}
