namespace SharpNbd.Client;

/// <summary>Whether a connection is encrypted.</summary>
public enum NbdTlsMode
{
    /// <summary>Never; a server that requires it refuses.</summary>
    Off,

    /// <summary>Where the server can. Whoever is between the two can make it look as if it could not.</summary>
    On,

    /// <summary>Always; a server that cannot is left.</summary>
    Require,
}
