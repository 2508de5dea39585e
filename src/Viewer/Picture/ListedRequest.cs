namespace SharpNbd.Viewer;

/// <summary>A request as the list shows it.</summary>
internal record struct ListedRequest
{
    /// <summary>Its number among the disk's requests, from 1.</summary>
    public long Sequence { get; set; }

    public long Connection { get; set; }

    public long Id { get; set; }

    public long Offset { get; set; }

    public long Count { get; set; }

    public long Begin { get; set; }

    public long End { get; set; }

    public Operation Operation { get; set; }

    public LogError Error { get; set; }

    public RequestState State { get; set; }

    /// <summary>When this entry was last changed, in the picture's count.</summary>
    public long Stamp { get; set; }
}
