namespace SharpNbd.Viewer;

/// <summary>What one operation comes to.</summary>
/// <param name="Requests">The requests that have begun.</param>
/// <param name="Bytes">The bytes of those that ended well.</param>
/// <param name="Errors">Those that failed.</param>
internal record struct Counter(long Requests, long Bytes, long Errors)
{
    public static Counter operator +(Counter left, Counter right)
        => new(left.Requests + right.Requests, left.Bytes + right.Bytes, left.Errors + right.Errors);
}
