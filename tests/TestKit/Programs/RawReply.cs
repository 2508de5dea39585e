namespace SharpNbd.TestKit;

/// <summary>A simple reply.</summary>
/// <param name="Cookie">The request that it answers.</param>
/// <param name="Error">0, or the errno that the protocol defines.</param>
/// <param name="Data">What was read.</param>
public sealed record RawReply(ulong Cookie, uint Error, byte[] Data);
