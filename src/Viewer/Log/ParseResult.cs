namespace SharpNbd.Viewer;

/// <summary>What became of a line.</summary>
internal enum ParseResult : byte
{
    /// <summary>It is a line of the log.</summary>
    Line,

    /// <summary>A quoted text in it does not end: the line break is part of an export's name, and the line goes on.</summary>
    Open,

    /// <summary>It is something else.</summary>
    Unreadable,
}
