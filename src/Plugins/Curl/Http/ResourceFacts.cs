namespace SharpNbd.Plugins;

/// <summary>What the server said of a resource.</summary>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Validator">What identifies the version.</param>
internal sealed record ResourceFacts(long Size, Validator Validator);
