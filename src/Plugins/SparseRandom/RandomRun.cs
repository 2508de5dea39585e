namespace SharpNbd.Plugins;

/// <summary>A part of a disk that is all data or all hole.</summary>
/// <param name="IsData">Which of both.</param>
/// <param name="End">The byte behind its last one.</param>
internal readonly record struct RandomRun(bool IsData, long End);
