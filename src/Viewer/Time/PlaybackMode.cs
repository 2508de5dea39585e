namespace SharpNbd.Viewer;

/// <summary>What the time of a page does.</summary>
internal enum PlaybackMode : byte
{
    /// <summary>It is now.</summary>
    Live,

    /// <summary>It goes on from a moment of the past.</summary>
    Playing,

    /// <summary>It stands.</summary>
    Paused,
}
