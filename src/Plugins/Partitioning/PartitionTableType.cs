namespace SharpNbd.Plugins;

/// <summary>A form of partition table.</summary>
public enum PartitionTableType
{
    /// <summary>The master boot record of the PC.</summary>
    Mbr,

    /// <summary>The GUID partition table of UEFI.</summary>
    Gpt,
}
