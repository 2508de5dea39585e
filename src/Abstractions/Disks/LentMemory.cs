namespace SharpNbd.Abstractions;

/// <summary>
/// Bytes of a disk that are sent from where they lie. They stay mapped at this address until the disk's source is disposed;
/// a write or trim that comes meanwhile may show in them, as it may in any read at the same time.
/// </summary>
/// <param name="Address">Where the first byte is.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="IsMapped">
/// They lie in pages that were mapped for the disk alone and are unmapped, never used for anything else, in the end. The kernel may then
/// go on to read them there when the call that sends them has returned: the peer gets them without a copy.
/// </param>
public readonly record struct LentMemory(nint Address, int Length, bool IsMapped = false);
