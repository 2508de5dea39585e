namespace SharpNbd.Client;

/// <summary>Which headers the two sides have agreed on.</summary>
internal enum HeaderForm
{
    /// <summary>Simple replies only.</summary>
    Simple,

    /// <summary>Structured replies.</summary>
    Structured,

    /// <summary>Extended headers in both directions.</summary>
    Extended,
}
