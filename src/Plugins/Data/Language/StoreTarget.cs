using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The disk's own bytes.</summary>
internal sealed class StoreTarget(ByteStore store) : IDataTarget
{
    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => store.Write(offset, bytes);

    /// <inheritdoc/>
    public void Zero(long offset, long length)
    {
        if (length > 0)
        {
            store.Zero(new ByteRange(offset, length), release: true);
        }
    }
}
