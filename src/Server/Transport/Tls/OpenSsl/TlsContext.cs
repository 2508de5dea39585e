namespace SharpNbd.Server;

/// <summary>
/// What the connections of a server have in common in OpenSSL (SSL_CTX). It goes with its server; connections hold what they need of it.
/// </summary>
internal sealed unsafe class TlsContext
{
    private const int SetMode = 33;
    private const int SetSessionCache = 44;
    private const int AddChainCertificate = 89;
    private const int SetVerifyStore = 106;
    private const int SetDiffieHellmanByItself = 118;
    private const int SetOldestVersion = 123;
    private const int SetNewestVersion = 124;

    private const int Tls12 = 0x303;
    private const int Tls13 = 0x304;

    /// <summary>Nothing is sent but what the file holds.</summary>
    private const int ModeNoOwnChain = 8;

    /// <summary>SSL_OP_NO_TICKET, NO_COMPRESSION, CIPHER_SERVER_PREFERENCE and NO_RENEGOTIATION.</summary>
    private const ulong Options = (1UL << 14) | (1UL << 17) | (1UL << 22) | (1UL << 30);

    /// <summary>SSL_VERIFY_PEER and FAIL_IF_NO_PEER_CERT.</summary>
    private const int VerifyPeer = 3;

    /// <summary>Makes one that agrees to some suites.</summary>
    /// <exception cref="StartupException">There is no OpenSSL 3 on this machine, or it knows none of the suites.</exception>
    public TlsContext(IEnumerable<TlsSuite> suites)
    {
        var newest = suites.Where(suite => suite.IsTls13).Select(suite => suite.Name).ToList();
        var older = suites.Where(suite => !suite.IsTls13).Select(suite => suite.Name).ToList();
        try
        {
            Pointer = OpenSsl.NewContext(OpenSsl.ServerMethod());
        }
        catch (DllNotFoundException)
        {
            throw new StartupException("TLS takes OpenSSL 3 (libssl.so.3), which is not on this machine; its package is libssl3 or openssl-libs");
        }

        Check(Pointer == 0 ? 0 : 1);
        Control(SetOldestVersion, older.Count > 0 ? Tls12 : Tls13);
        Control(SetNewestVersion, newest.Count > 0 ? Tls13 : Tls12);
        Check(OpenSsl.SetSuitesOfTls13(Pointer, string.Join(':', newest)));
        if (older.Count > 0)
        {
            Check(OpenSsl.SetSuitesOfTls12(Pointer, string.Join(':', older)));
            Control(SetDiffieHellmanByItself, 1);
        }

        // Connections are few and long: there is nothing to gain from resuming, and a session must not outlive what it was checked by.
        _ = OpenSsl.SetOptions(Pointer, Options);
        _ = OpenSsl.Control(Pointer, SetSessionCache, 0, 0);
        _ = OpenSsl.SetTicketCount(Pointer, 0);
        _ = OpenSsl.Control(Pointer, SetMode, ModeNoOwnChain, 0);
    }

    ~TlsContext()
    {
        if (Pointer != 0)
        {
            OpenSsl.FreeContext(Pointer);
        }
    }

    /// <summary>The SSL_CTX.</summary>
    public nint Pointer { get; }

    /// <summary>Shows a certificate, with those between it and the authority behind it.</summary>
    /// <returns>False, and an error of OpenSSL, where the key is not that of the certificate.</returns>
    /// <exception cref="StartupException">OpenSSL does not take the certificate, for example because its key is too short to be safe.</exception>
    public bool Show(IReadOnlyList<OpenSslObject> chain, OpenSslObject key)
    {
        if (OpenSsl.UseCertificate(Pointer, chain[0].Pointer) != 1)
        {
            var subject = OpenSslText.OfName(OpenSsl.SubjectOf(chain[0].Pointer));
            throw new StartupException($"the server's certificate '{subject}' is not accepted: {OpenSslText.TakeError()}");
        }

        foreach (var certificate in chain.Skip(1))
        {
            Check((int)OpenSsl.Control(Pointer, AddChainCertificate, 1, certificate.Pointer));
        }

        return OpenSsl.UseKey(Pointer, key.Pointer) == 1;
    }

    /// <summary>Asks clients for certificates, and tells them of which authorities.</summary>
    public void Demand(OpenSslObject store, IEnumerable<OpenSslObject> authorities, delegate* unmanaged[Cdecl]<int, nint, int> callback)
    {
        Check((int)OpenSsl.Control(Pointer, SetVerifyStore, 1, store.Pointer));
        foreach (var authority in authorities)
        {
            Check(OpenSsl.NameClientAuthority(Pointer, authority.Pointer));
        }

        OpenSsl.SetVerify(Pointer, VerifyPeer, callback);
    }

    private void Control(int command, int number) => Check((int)OpenSsl.Control(Pointer, command, number, 0));

    private static void Check(int result)
    {
        if (result != 1)
        {
            throw new StartupException($"OpenSSL does not do what TLS takes: {OpenSslText.TakeError()}");
        }
    }
}
