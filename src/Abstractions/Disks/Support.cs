namespace SharpNbd.Abstractions;

/// <summary>How a disk supports an operation. The values are those that the log filter writes.</summary>
public enum Support
{
    /// <summary>Not at all: the operation is not advertised to the client.</summary>
    None = 0,

    /// <summary>By other operations: zeroes by writing them, FUA by a flush behind the write, cache by reading.</summary>
    Emulated = 1,

    /// <summary>By the disk itself.</summary>
    Native = 2,
}
