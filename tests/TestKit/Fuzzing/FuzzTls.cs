namespace SharpNbd.TestKit;

/// <summary>Whether a fuzzed client may or must ask for TLS.</summary>
public enum FuzzTls
{
    /// <summary>It may not.</summary>
    Off,

    /// <summary>It may.</summary>
    On,

    /// <summary>It must.</summary>
    Require,
}
