namespace SharpNbd.Viewer;

/// <summary>Where the following of a log stands.</summary>
internal enum LogState : byte
{
    /// <summary>There is no such file, yet or any more.</summary>
    Missing,

    /// <summary>It is there and cannot be read.</summary>
    Unreadable,

    /// <summary>What it already holds is being read.</summary>
    Loading,

    /// <summary>Everything is read; what is added shows at once.</summary>
    Following,
}
