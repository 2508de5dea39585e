using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// The wire as OpenSSL sees it (BIO): records go from OpenSSL's buffer to the socket and back without a copy between. It never waits; where
/// nothing has arrived it says so, and who called OpenSSL waits.
/// </summary>
internal static unsafe class WireBio
{
    /// <summary>BIO_TYPE_SOURCE_SINK.</summary>
    private const int SourceOrSink = 0x400;

    /// <summary>BIO_FLAGS_READ and SHOULD_RETRY.</summary>
    private const int WaitsForMore = 1 | 8;

    /// <summary>BIO_CTRL_FLUSH: the only request that has to be granted.</summary>
    private const int Flush = 11;

    private static readonly nint Method = NewMethod();

    /// <summary>Makes one, which is freed with the connection that it is given to.</summary>
    /// <param name="session">A handle of the session.</param>
    public static nint Create(GCHandle session)
    {
        var bio = OpenSsl.NewBio(Method);
        OpenSsl.SetBioData(bio, GCHandle.ToIntPtr(session));
        OpenSsl.SetBioReady(bio, 1);
        return bio;
    }

    private static nint NewMethod()
    {
        var method = OpenSsl.NewBioMethod(OpenSsl.NewBioIndex() | SourceOrSink, "SharpNbd");
        _ = OpenSsl.SetBioRead(method, &Read);
        _ = OpenSsl.SetBioWrite(method, &Write);
        _ = OpenSsl.SetBioControl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, int length)
    {
        OpenSsl.ClearBioFlags(bio, WaitsForMore);
        var count = SessionOf(bio).Take(new Span<byte>(buffer, length));
        if (count == 0)
        {
            OpenSsl.SetBioFlags(bio, WaitsForMore);
            return -1;
        }

        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* bytes, int length)
        => SessionOf(bio).TryPut(new ReadOnlySpan<byte>(bytes, length)) ? length : -1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command == Flush ? 1 : 0;

    private static OpenSslSession SessionOf(nint bio) => (OpenSslSession)GCHandle.FromIntPtr(OpenSsl.GetBioData(bio)).Target!;
}
