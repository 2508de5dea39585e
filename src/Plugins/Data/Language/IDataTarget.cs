namespace SharpNbd.Plugins;

/// <summary>Where the bytes of a piece go.</summary>
internal interface IDataTarget
{
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes bytes zero, any number of them.</summary>
    void Zero(long offset, long length);
}
