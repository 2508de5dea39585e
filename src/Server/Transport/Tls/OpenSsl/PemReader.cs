using System.Security.Cryptography;

namespace SharpNbd.Server;

/// <summary>Reads what is in PEM form (RFC 7468).</summary>
internal static unsafe class PemReader
{
    // What OpenSSL says when there is nothing more to read: the library of PEM, and "no start line".
    private const int PemLibrary = 9;
    private const int NoStartLine = 108;
    private const int LibraryShift = 23;
    private const int LibraryMask = 0xff;
    private const int ReasonMask = 0x7fffff;

    private delegate nint Reader(nint bio, byte* secret);

    /// <summary>All certificates of a file, at least one.</summary>
    /// <exception cref="StartupException">It cannot be read or holds none.</exception>
    public static List<OpenSslObject> Certificates(string path) => Certificates(Read(path), path);

    /// <summary>The same for what has been read.</summary>
    /// <param name="text">The contents.</param>
    /// <param name="name">What they are, for messages.</param>
    public static List<OpenSslObject> Certificates(byte[] text, string name)
        => ReadAll(text, name, "certificate", (bio, secret) => OpenSsl.ReadCertificate(bio, 0, 0, secret), &OpenSsl.FreeCertificate);

    /// <summary>All revocation lists of a file, at least one.</summary>
    /// <exception cref="StartupException">It cannot be read or holds none.</exception>
    public static List<OpenSslObject> RevocationLists(string path)
        => ReadAll(Read(path), path, "revocation list", (bio, secret) => OpenSsl.ReadRevocations(bio, 0, 0, secret), &OpenSsl.FreeRevocations);

    /// <summary>The private key of a file; null, and an error of OpenSSL, where there is none or it is encrypted.</summary>
    /// <exception cref="StartupException">The file cannot be read.</exception>
    public static OpenSslObject? Key(string path)
    {
        var text = Read(path);
        try
        {
            return Key(text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>The same for what has been read.</summary>
    public static OpenSslObject? Key(byte[] text)
    {
        OpenSsl.ClearErrors();
        fixed (byte* start = text)
        {
            var bio = OpenSsl.NewBioOf(start, text.Length);
            try
            {
                var key = Next(bio, (bio, secret) => OpenSsl.ReadKey(bio, 0, 0, secret));
                return key == 0 ? null : new OpenSslObject(key, &OpenSsl.FreeKey);
            }
            finally
            {
                _ = OpenSsl.FreeBio(bio);
            }
        }
    }

    private static List<OpenSslObject> ReadAll(byte[] text, string name, string what, Reader read, delegate*<nint, void> free)
    {
        var found = new List<OpenSslObject>();
        OpenSsl.ClearErrors();
        fixed (byte* start = text)
        {
            var bio = OpenSsl.NewBioOf(start, text.Length);
            try
            {
                for (var next = Next(bio, read); next != 0; next = Next(bio, read))
                {
                    found.Add(new OpenSslObject(next, free));
                }
            }
            finally
            {
                _ = OpenSsl.FreeBio(bio);
            }
        }

        var error = OpenSsl.LastError();
        if ((((int)error >> LibraryShift) & LibraryMask) != PemLibrary || ((int)error & ReasonMask) != NoStartLine)
        {
            found.ForEach(one => one.Dispose());
            throw new StartupException($"{name} cannot be read as a {what} in PEM form: {OpenSslText.TakeError()}");
        }

        OpenSsl.ClearErrors();
        return found.Count > 0 ? found : throw new StartupException($"{name} holds no {what} in PEM form");
    }

    // An empty password, for OpenSSL would ask for one at the terminal.
    private static nint Next(nint bio, Reader read)
    {
        byte none = 0;
        return read(bio, &none);
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(e.Message);
        }
    }
}
