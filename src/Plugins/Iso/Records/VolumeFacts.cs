namespace SharpNbd.Plugins;

/// <summary>What a volume descriptor tells of a tree.</summary>
/// <param name="Root">Its root.</param>
/// <param name="Blocks">The size of the image.</param>
/// <param name="PathTableLength">The length of a path table in bytes.</param>
/// <param name="LittleEndianPathTable">Where the one lies.</param>
/// <param name="BigEndianPathTable">Where the other lies.</param>
/// <param name="Time">When the volume was made.</param>
internal readonly record struct VolumeFacts(
    IsoDirectory Root, uint Blocks, int PathTableLength, uint LittleEndianPathTable, uint BigEndianPathTable, DateTime Time);
