namespace SharpNbd.Abstractions;

/// <summary>An export as it is listed.</summary>
/// <param name="Name">The name, at most 4096 bytes of UTF-8.</param>
/// <param name="Description">A sentence for a human, at most 4096 bytes of UTF-8, or null.</param>
public sealed record ExportInfo(string Name, string? Description = null);
