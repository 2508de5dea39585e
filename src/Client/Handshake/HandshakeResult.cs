namespace SharpNbd.Client;

/// <summary>What the handshake has led to.</summary>
/// <param name="Wire">The connection, which may be encrypted by now.</param>
/// <param name="Form">The headers of requests and replies.</param>
/// <param name="Context">What the server calls <c>base:allocation</c>.</param>
/// <param name="Export">The export that was opened.</param>
internal sealed record HandshakeResult(ClientWire Wire, HeaderForm Form, uint Context, NbdExport Export);
