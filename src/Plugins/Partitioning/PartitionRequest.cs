using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A file with what the command line said in front of it.</summary>
/// <param name="File">The file.</param>
/// <param name="Alignment">A number of bytes at a multiple of which the partition begins.</param>
/// <param name="MbrId">What is in the partition, for a master boot record.</param>
/// <param name="TypeGuid">The same for a GUID partition table.</param>
internal sealed record PartitionRequest(FilePath File, long Alignment, byte MbrId, Guid TypeGuid);
