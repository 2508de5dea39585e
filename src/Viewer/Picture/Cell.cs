namespace SharpNbd.Viewer;

/// <summary>What is known about a block.</summary>
internal struct Cell
{
    /// <summary>When something last began or ended here, in microseconds since 1970; 0 where nothing has.</summary>
    public long Time;

    /// <summary>The requests that have touched it.</summary>
    public uint Count;

    /// <summary>The reads under way.</summary>
    public int Reads;

    /// <summary>The writes, zeroes and trims under way.</summary>
    public int Changes;

    /// <summary>What the last successful change has made of it.</summary>
    public Look Base;

    /// <summary>What the latest change that is under way makes of it.</summary>
    public Look Pending;

    /// <summary>The latest operation.</summary>
    public Operation Last;

    /// <summary>How the latest request that ended here has ended.</summary>
    public LogError Error;

    /// <summary>How it looks now, apart from the flash of a read that has just ended.</summary>
    public readonly Look Look
        => Changes > 0 ? Pending
            : Reads > 0 ? Look.Reading
            : Error != LogError.None ? Look.Failed
            : Base;

    /// <summary>A read that has ended well was the last here: the cell flashes.</summary>
    public readonly bool IsFlashing => Count > 0 && Changes == 0 && Reads == 0 && Error == LogError.None && Last.IsRead();
}
