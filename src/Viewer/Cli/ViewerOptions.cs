using System.Net;

namespace SharpNbd.Viewer;

/// <summary>What the command line says.</summary>
internal sealed record ViewerOptions
{
    /// <summary>The logs' absolute paths, one for each disk.</summary>
    public required IReadOnlyList<string> Logs { get; init; }

    /// <summary>The error files' absolute paths, one for each disk or none.</summary>
    public IReadOnlyList<string> ErrorFiles { get; init; } = [];

    /// <summary>The size of each disk; null where the logs tell it.</summary>
    public long? Size { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>The port; null takes the usual one, or a free one where that is taken.</summary>
    public int? Port { get; init; }

    /// <summary>Show the page in the user's browser.</summary>
    public bool Open { get; init; }

    /// <summary>Draw to this file and end.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Draw this moment, from the log's first line; null for its end.</summary>
    public TimeSpan? At { get; init; }
}
