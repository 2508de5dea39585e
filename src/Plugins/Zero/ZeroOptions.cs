namespace SharpNbd.Plugins;

/// <summary>The zero plugin has no parameters.</summary>
public sealed record ZeroOptions;
