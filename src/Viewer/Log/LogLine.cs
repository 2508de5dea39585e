namespace SharpNbd.Viewer;

/// <summary>What the viewer takes from one line of the log.</summary>
internal record struct LogLine
{
    /// <summary>Microseconds since 1970, UTC.</summary>
    public long Time { get; set; }

    public long Connection { get; set; }

    /// <summary>The request's number in its connection.</summary>
    public long Id { get; set; }

    public long Offset { get; set; }

    /// <summary>The length of the request.</summary>
    public long Count { get; set; }

    /// <summary>The size of the disk, on a line of kind <see cref="LineKind.Connect"/>.</summary>
    public long Size { get; set; }

    public LineKind Kind { get; set; }

    public Operation Operation { get; set; }

    public LogError Error { get; set; }
}
