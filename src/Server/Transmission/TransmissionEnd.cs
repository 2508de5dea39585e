namespace SharpNbd.Server;

/// <summary>How a transmission phase ended.</summary>
internal enum TransmissionEnd
{
    /// <summary>The client said NBD_CMD_DISC.</summary>
    Disconnected,

    /// <summary>The stream ended without a word.</summary>
    PeerGone,

    /// <summary>The stream ended within a request; the log has it.</summary>
    CutOff,
}
