namespace SharpNbd.Viewer;

/// <summary>Why a player has stopped.</summary>
internal enum PlayerStop
{
    /// <summary>It has used what it has read; there may be more.</summary>
    Buffer,

    /// <summary>There is no further whole line.</summary>
    EndOfLog,

    /// <summary>The next line is beyond what was asked for.</summary>
    Reached,
}
