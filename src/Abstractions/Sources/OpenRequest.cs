using System.Net;

namespace SharpNbd.Abstractions;

/// <summary>What a connection asks for when it opens a disk.</summary>
public sealed record OpenRequest
{
    /// <summary>The export's name, "" for the default one; at most 4096 bytes of UTF-8 without NUL.</summary>
    public string ExportName { get; init; } = "";

    /// <summary>The server was told to serve read-only (<c>-r</c>): nothing will be written through this disk.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The connection is encrypted.</summary>
    public bool IsTls { get; init; }

    /// <summary>Where the client is: an <see cref="IPEndPoint"/> for TCP, something else or null for local sockets and pipes.</summary>
    public EndPoint? Peer { get; init; }

    /// <summary>
    /// Cancelled when the client is gone or the server stops waiting for it. What a disk does when it is closed, it may cut short then.
    /// </summary>
    public CancellationToken ConnectionClosed { get; init; }

    /// <summary>Ends the connection, from any thread and as often as one likes; null where there is none.</summary>
    public Action<Disconnection>? Disconnect { get; init; }
}
