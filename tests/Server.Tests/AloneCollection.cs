namespace SharpNbd.Server.Tests;

/// <summary>Tests that measure the whole process: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    /// <summary>What such a test class is marked with.</summary>
    public const string Name = "alone";
}
