using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>Pre-shared keys.</summary>
internal sealed unsafe class PskCredentials : TlsCredentials
{
    private const int Tls13 = 0x304;

    private readonly TlsContext _context;
    private readonly PskFile _file;

    private PskCredentials(PskFile file, TlsPriority priority)
    {
        _file = file;
        _context = new TlsContext(priority.PskSuites);
        OpenSsl.SetFindKeyOfTls13(_context.Pointer, &FindForTls13);
        OpenSsl.SetFindKeyOfTls12(_context.Pointer, &FindForTls12);
    }

    /// <summary>Checks the file, which is read again for each client.</summary>
    /// <exception cref="StartupException">It makes no sense.</exception>
    public static PskCredentials Load(string path, TlsPriority priority)
    {
        var file = new PskFile(path);
        file.Read();
        return new PskCredentials(file, priority);
    }

    public override TlsSession Accept(TlsWire wire) => OpenSslSession.Accept(_context, wire, new PskUsers(_file));

    /// <summary>
    /// The key of an identity in TLS 1.3, as a session (SSL_CTX_set_psk_find_session_callback). A key that comes from elsewhere belongs to
    /// SHA-256, which the suite of the session says (RFC 8446, "Pre-Shared Key Extension").
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FindForTls13(nint connection, byte* identity, nuint length, nint* found)
    {
        *found = 0;
        if (Find(connection, new ReadOnlySpan<byte>(identity, (int)length)) is not { } key)
        {
            return 0;
        }

        var suite = stackalloc byte[] { 0x13, 0x01 };
        var session = OpenSsl.NewSession();
        fixed (byte* start = key)
        {
            if (OpenSsl.SetKey(session, start, (nuint)key.Length) == 1
                && OpenSsl.SetSuite(session, OpenSsl.FindSuite(connection, suite)) == 1
                && OpenSsl.SetVersion(session, Tls13) == 1)
            {
                *found = session;
                return 1;
            }
        }

        OpenSsl.FreeSession(session);
        return 0;
    }

    /// <summary>The key of an identity in TLS 1.2 (SSL_CTX_set_psk_server_callback).</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint FindForTls12(nint connection, byte* identity, byte* key, uint room)
    {
        if (Find(connection, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(identity)) is not { } found || found.Length > room)
        {
            return 0;
        }

        found.CopyTo(new Span<byte>(key, (int)room));
        return (uint)found.Length;
    }

    // Through OpenSSL no exception may go: what is not expected ends the handshake.
    private static byte[]? Find(nint connection, ReadOnlySpan<byte> identity)
    {
        var session = OpenSslSession.Of(connection);
        try
        {
            (var key, session.Problem) = session.Users!.Find(identity);
            return key;
        }
        catch (Exception e)
        {
            session.Problem = e.Message;
            return null;
        }
    }
}
