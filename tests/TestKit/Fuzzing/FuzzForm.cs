namespace SharpNbd.TestKit;

/// <summary>What a fuzzed client has agreed on for its requests.</summary>
public enum FuzzForm
{
    /// <summary>Compact requests, simple replies.</summary>
    Simple,

    /// <summary>Compact requests, structured replies.</summary>
    Structured,

    /// <summary>Extended requests and replies.</summary>
    Extended,
}
