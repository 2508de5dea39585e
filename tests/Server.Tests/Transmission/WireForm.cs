namespace SharpNbd.Server.Tests;

/// <summary>The headers that a test's client speaks.</summary>
public enum WireForm
{
    Simple,
    Structured,
    Extended,
}
