namespace SharpNbd.Server;

/// <summary>A reason why the server cannot start: shown as one line on standard error, exit status 1.</summary>
/// <param name="message">What was wrong and what is accepted, in one line without a full stop.</param>
public sealed class StartupException(string message) : Exception(message);
