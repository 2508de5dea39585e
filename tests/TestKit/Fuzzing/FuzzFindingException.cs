namespace SharpNbd.TestKit;

/// <summary>What the server did wrong with an input: a fuzzer takes it for a crash, a test for a failure.</summary>
/// <param name="message">What was promised, and what happened.</param>
public sealed class FuzzFindingException(string message) : Exception(message);
