using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>How a new disk is made.</summary>
/// <param name="Size">Its size in bytes; for a command only a wish.</param>
/// <param name="Type">The file system.</param>
/// <param name="Label">The label of the file system, or null.</param>
/// <param name="Command">The shell command that makes it instead, or null.</param>
/// <param name="Others">Further variables for the command.</param>
internal sealed record DiskRecipe(long Size, string Type, string? Label, string? Command, IReadOnlyList<ParameterValue> Others);
