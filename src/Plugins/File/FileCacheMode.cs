namespace SharpNbd.Plugins;

/// <summary>What happens to the pages of the file that the kernel holds in memory; the names are what is typed.</summary>
public enum FileCacheMode
{
    /// <summary>The kernel decides.</summary>
    Default,

    /// <summary>What was read or written is dropped from memory afterwards.</summary>
    None,
}
