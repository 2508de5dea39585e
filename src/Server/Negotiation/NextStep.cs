namespace SharpNbd.Server;

/// <summary>What follows an option.</summary>
internal enum NextStep
{
    /// <summary>The next option.</summary>
    NextOption,

    /// <summary>The TLS handshake, and behind it options again.</summary>
    StartTls,

    /// <summary>The transmission phase.</summary>
    Transmission,

    /// <summary>The end of the connection.</summary>
    Close,
}
