namespace SharpNbd.Plugins;

/// <summary>A directory or file and the place in the image that it goes to.</summary>
/// <param name="Target">The place; "" for the root. What ends in a slash is a directory.</param>
/// <param name="Source">The absolute path of the directory or file.</param>
internal readonly record struct IsoPathSpec(string Target, string Source);
