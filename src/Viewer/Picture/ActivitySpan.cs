namespace SharpNbd.Viewer;

/// <summary>What began in a span of time, and what failed.</summary>
internal record struct ActivitySpan(uint Reads, uint Writes, uint Others, uint Errors)
{
    public static ActivitySpan operator +(ActivitySpan left, ActivitySpan right)
        => new(left.Reads + right.Reads, left.Writes + right.Writes, left.Others + right.Others, left.Errors + right.Errors);
}
