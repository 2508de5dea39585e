namespace SharpNbd.Plugins;

/// <summary>Bytes of a virtual disk that are computed when they are read, since there are many of them and a rule for them.</summary>
internal abstract class ComputedBytes
{
    /// <summary>How many there are.</summary>
    public abstract long Length { get; }

    /// <summary>Computes a part of them; called by any number of threads at once.</summary>
    /// <param name="offset">The first one, from 0.</param>
    /// <param name="buffer">Where they go; all of it is filled.</param>
    public abstract void Fill(long offset, Span<byte> buffer);
}
