using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>Something of OpenSSL that is freed when nobody needs it any more.</summary>
internal sealed unsafe class OpenSslObject : SafeHandle
{
    private readonly delegate*<nint, void> _free;

    /// <summary>Takes over what a function has made.</summary>
    /// <param name="pointer">What it returned.</param>
    /// <param name="free">The function that frees it.</param>
    /// <exception cref="StartupException">It returned nothing.</exception>
    public OpenSslObject(nint pointer, delegate*<nint, void> free)
        : base(0, ownsHandle: true)
    {
        _free = free;
        SetHandle(pointer != 0 ? pointer : throw new StartupException($"OpenSSL failed: {OpenSslText.TakeError()}"));
    }

    /// <summary>Where it is, as long as this object is not disposed.</summary>
    public nint Pointer => handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
