namespace SharpNbd.Plugins;

/// <summary>Memory straight from the operating system, zeroed, at addresses that stay.</summary>
internal abstract class PageMemory
{
    /// <summary>What suits this operating system.</summary>
    public static PageMemory Default { get; } = OperatingSystem.IsLinux() ? new LinuxPageMemory() : new PortablePageMemory();

    /// <summary>The unit in which memory can be given back, in bytes, a power of two.</summary>
    public abstract int PageSize { get; }

    /// <summary>How much to map at once where memory is taken as it is needed, in bytes, a power of two.</summary>
    public abstract long ChunkSize { get; }

    /// <summary>Maps zeroed memory.</summary>
    /// <param name="length">The number of bytes, above 0.</param>
    /// <param name="reserve">True when the memory must be there for the taking; false when most of it may never be touched.</param>
    /// <returns>The address, a multiple of the page size, or 0 when there is none left.</returns>
    public abstract nint Map(long length, bool reserve);

    /// <summary>Unmaps what <see cref="Map"/> gave.</summary>
    public abstract void Unmap(nint address, long length);

    /// <summary>Makes whole pages read as zeroes and gives their memory back as far as possible; they stay usable.</summary>
    public abstract void Release(nint address, long length);

    /// <summary>Keeps memory from being swapped out.</summary>
    /// <returns>Null, or why that was refused, as a sentence's end.</returns>
    public abstract string? TryLock(nint address, long length);
}
