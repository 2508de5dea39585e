namespace SharpNbd.Abstractions;

/// <summary>What a plugin tells about itself for <c>--dump-plugin</c>.</summary>
/// <param name="ThreadModel">The thread model that its sources would have.</param>
/// <param name="Lines">Lines of its own, <c>key=value</c> each.</param>
public sealed record PluginDescription(ThreadModel ThreadModel, IReadOnlyList<string> Lines);
