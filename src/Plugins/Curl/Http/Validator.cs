using System.Net.Http.Headers;

namespace SharpNbd.Plugins;

/// <summary>What tells one version of a resource from another (RFC 9110, section 8.8).</summary>
/// <param name="ETag">The entity tag as the server wrote it, or null.</param>
/// <param name="LastModified">The date as the server wrote it, or null.</param>
/// <param name="IsDateStrong">The date is at least a second before the answer's, so that another change would have another one.</param>
internal sealed record Validator(string? ETag, string? LastModified, bool IsDateStrong)
{
    /// <summary>
    /// The value of an If-Range header, or null where neither may be used: a weak tag may not, nor a date beside a tag (RFC 9110,
    /// section 13.1.5).
    /// </summary>
    public string? IfRange
        => ETag is null ? (IsDateStrong ? LastModified : null)
            : ETag.Length > 1 && ETag.StartsWith('"') && ETag.EndsWith('"') ? ETag
            : null;

    /// <summary>What a response says of itself.</summary>
    public static Validator Of(HttpResponseMessage response)
    {
        var modified = response.Content.Headers.LastModified;
        return new Validator(
            Raw(response.Headers, "ETag"), Raw(response.Content.Headers, "Last-Modified"), modified <= response.Headers.Date - TimeSpan.FromSeconds(1));
    }

    /// <summary>Says how another answer shows that the content has changed; null where nothing does.</summary>
    public string? Difference(Validator other)
        => ETag is not null && other.ETag is not null && ETag != other.ETag ? $"its ETag was {ETag} and is {other.ETag}"
            : LastModified is not null && other.LastModified is not null && LastModified != other.LastModified
                ? $"it was last modified {LastModified} and now {other.LastModified}"
            : null;

    public override string ToString() => ETag is not null ? $"ETag {ETag}" : LastModified is not null ? $"modified {LastModified}" : "no validator";

    private static string? Raw(HttpHeaders headers, string name)
        => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
