namespace SharpNbd.Server;

/// <summary>The peer broke the protocol in a way that leaves nothing but to disconnect it.</summary>
/// <param name="message">What it did, for one line in the log.</param>
internal sealed class ProtocolViolationException(string message) : Exception(message);
