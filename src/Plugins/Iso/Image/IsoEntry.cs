namespace SharpNbd.Plugins;

/// <summary>What one of the two trees says of a file or directory.</summary>
/// <param name="Node">The file or directory.</param>
/// <param name="Identifier">Its name in this tree.</param>
/// <param name="Directory">The directory that it is, at this place; null for files.</param>
/// <param name="MovedTo">The directory that belongs here and has been moved; its record looks like that of a file.</param>
internal sealed record IsoEntry(IsoNode Node, byte[] Identifier, IsoDirectory? Directory, IsoDirectory? MovedTo);
