using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>Memory of the C library, for operating systems without a form of their own here. Small chunks, since all of it counts at once.</summary>
internal sealed unsafe class PortablePageMemory : PageMemory
{
    /// <inheritdoc/>
    public override int PageSize => 4096;

    /// <inheritdoc/>
    public override long ChunkSize => 1L << 20;

    /// <inheritdoc/>
    public override nint Map(long length, bool reserve)
    {
        try
        {
            var address = NativeMemory.AlignedAlloc(checked((nuint)length), (nuint)PageSize);
            NativeMemory.Clear(address, (nuint)length);
            return (nint)address;
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public override void Unmap(nint address, long length) => NativeMemory.AlignedFree((void*)address);

    /// <inheritdoc/>
    public override void Release(nint address, long length) => NativeMemory.Clear((void*)address, (nuint)length);

    /// <inheritdoc/>
    public override string? TryLock(nint address, long length) => "(not known on this operating system)";
}
