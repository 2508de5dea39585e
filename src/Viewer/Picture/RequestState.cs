namespace SharpNbd.Viewer;

/// <summary>Where a request stands.</summary>
internal enum RequestState : byte
{
    Running,
    Done,

    /// <summary>Its client or its server has gone; there will be no answer.</summary>
    Abandoned,
}
