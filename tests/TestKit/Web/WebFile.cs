namespace SharpNbd.TestKit;

/// <summary>A file on a web server as a good one serves it: HEAD, GET with ranges and If-Range, PUT of ranges.</summary>
/// <param name="content">What it holds.</param>
public sealed class WebFile(byte[] content)
{
    private readonly Lock _lock = new();

    /// <summary>What it holds.</summary>
    public byte[] Content { get; set; } = content;

    /// <summary>Its entity tag with the quotes, or null.</summary>
    public string? ETag { get; set; } = "\"one\"";

    /// <summary>Its Last-Modified header, or null.</summary>
    public string? LastModified { get; set; }

    /// <summary>Answers a request.</summary>
    public WebAnswer Answer(WebRequest request)
    {
        lock (_lock)
        {
            return request.Method switch
            {
                "HEAD" => new WebAnswer { Headers = Facts(), Length = Content.Length },
                "GET" when request.Range is { } range && IsVersion(request["If-Range"]) => Part(range.First, range.Last),
                "GET" => new WebAnswer { Headers = Facts(), Body = Content },
                "PUT" when request.Range is { } range && request["Content-Range"]!.EndsWith($"/{Content.Length}", StringComparison.Ordinal)
                    && range.Last - range.First + 1 == request.Body.Length => Write(range.First, request.Body),
                _ => WebAnswer.Of("400 Bad Request"),
            };
        }
    }

    private bool IsVersion(string? condition) => condition is null || condition == ETag || condition == LastModified;

    private string[] Facts() =>
    [
        "Accept-Ranges: bytes",
        $"Date: {DateTimeOffset.UtcNow:R}",
        .. ETag is null ? (string[])[] : [$"ETag: {ETag}"],
        .. LastModified is null ? (string[])[] : [$"Last-Modified: {LastModified}"],
    ];

    private WebAnswer Part(long first, long last)
    {
        if (first >= Content.Length)
        {
            return WebAnswer.Of("416 Range Not Satisfiable", $"Content-Range: bytes */{Content.Length}");
        }

        last = Math.Min(last, Content.Length - 1);
        return new WebAnswer
        {
            Status = "206 Partial Content",
            Headers = [.. Facts(), $"Content-Range: bytes {first}-{last}/{Content.Length}"],
            Body = Content[(int)first..(int)(last + 1)],
        };
    }

    private WebAnswer Write(long first, byte[] data)
    {
        data.CopyTo(Content, first);
        ETag = ETag is null ? null : $"\"{Guid.NewGuid()}\"";
        return WebAnswer.Of("204 No Content");
    }
}
