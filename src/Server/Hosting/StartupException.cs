namespace SharpNbd.Server;

/// <summary>A reason why the server cannot start: shown as one line on standard error, exit status 1.</summary>
/// <param name="message">What was wrong and what is accepted, in one line without a full stop.</param>
/// <param name="cause">What shows with <c>-v</c> where it comes from, or null.</param>
public sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);
