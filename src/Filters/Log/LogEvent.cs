namespace SharpNbd.Filters;

/// <summary>What the lines of one request have in common.</summary>
/// <param name="Action">What is asked for.</param>
/// <param name="Connection">The connection's number, from 1; 0 for what happens outside of opened connections.</param>
/// <param name="Id">The request's number, from 1; 0 for what takes one line only.</param>
internal readonly record struct LogEvent(LogAction Action, long Connection = 0, long Id = 0);
