namespace SharpNbd.Viewer;

/// <summary>What a line of the log says.</summary>
internal enum LineKind : byte
{
    /// <summary>Nothing that the picture shows.</summary>
    Other,

    /// <summary>A server has started: connections count from 1 again, and what was under way is not.</summary>
    Start,

    /// <summary>A client has opened the disk.</summary>
    Connect,

    /// <summary>A client has left; what it had under way gets no answer.</summary>
    Disconnect,

    /// <summary>A request begins.</summary>
    Call,

    /// <summary>A request has ended.</summary>
    Return,
}
