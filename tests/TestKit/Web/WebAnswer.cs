namespace SharpNbd.TestKit;

/// <summary>What <see cref="WebServer"/> answers, right or wrong.</summary>
public sealed record WebAnswer
{
    /// <summary>The status and reason.</summary>
    public string Status { get; init; } = "200 OK";

    /// <summary>The headers besides Content-Length.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>What follows them.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>The Content-Length header; that of the body unless it is set.</summary>
    public long? Length { get; init; }

    /// <summary>Sent in chunks without Content-Length.</summary>
    public bool IsChunked { get; init; }

    /// <summary>The connection is closed behind the answer.</summary>
    public bool Closes { get; init; }

    /// <summary>Nothing is sent before it has completed.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>An answer of a status alone.</summary>
    public static WebAnswer Of(string status, params IReadOnlyList<string> headers) => new() { Status = status, Headers = headers };
}
