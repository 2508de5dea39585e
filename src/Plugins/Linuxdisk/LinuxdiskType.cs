namespace SharpNbd.Plugins;

/// <summary>The file systems that mke2fs fills from a directory.</summary>
public enum LinuxdiskType
{
    Ext2,
    Ext3,
    Ext4,
}
