namespace SharpNbd.Plugins;

/// <summary>How the file will be read, as a hint to the kernel; the names are what is typed.</summary>
public enum FileAccessPattern
{
    /// <summary>Some read-ahead.</summary>
    Normal,

    /// <summary>No read-ahead.</summary>
    Random,

    /// <summary>Twice the read-ahead.</summary>
    Sequential,
}
