namespace SharpNbd.Abstractions;

/// <summary>
/// Bytes of a disk that are sent from where they lie. They stay mapped at this address until the disk's source is disposed;
/// a write or trim that comes meanwhile may show in them, as it may in any read at the same time.
/// </summary>
/// <param name="Address">Where the first byte is.</param>
/// <param name="Length">The number of bytes.</param>
public readonly record struct LentMemory(nint Address, int Length);
