namespace SharpNbd.Plugins;

/// <summary>An array.</summary>
internal sealed class ArrayTarget(byte[] array) : IDataTarget
{
    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(array.AsSpan((int)offset));

    /// <inheritdoc/>
    public void Zero(long offset, long length) => array.AsSpan((int)offset, (int)length).Clear();
}
