namespace SharpNbd.Viewer;

/// <summary>The command line cannot be followed; the message says why and what is accepted.</summary>
internal sealed class UsageException(string message) : Exception(message);
