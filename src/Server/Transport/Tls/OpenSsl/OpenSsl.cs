using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// What is called of OpenSSL 3: see its manual pages, whose names stand behind <c>EntryPoint</c>. Numbers are those of its headers. The library is
/// loaded by the first call.
/// </summary>
internal static unsafe partial class OpenSsl
{
    /// <summary>Where the session of a connection is kept in its SSL (SSL_set_app_data).</summary>
    public const int AppData = 0;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    // ---- A server's context

    [LibraryImport(Ssl, EntryPoint = "TLS_server_method")]
    public static partial nint ServerMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint Control(nint context, int command, nint number, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_num_tickets")]
    public static partial int SetTicketCount(nint context, nuint count);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cipher_list", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetSuitesOfTls12(nint context, string names);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_ciphersuites", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetSuitesOfTls13(nint context, string names);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate")]
    public static partial int UseCertificate(nint context, nint certificate);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey")]
    public static partial int UseKey(nint context, nint key);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_add_client_CA")]
    public static partial int NameClientAuthority(nint context, nint certificate);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(nint context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_psk_find_session_callback")]
    public static partial void SetFindKeyOfTls13(nint context, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint*, int> callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_psk_server_callback")]
    public static partial void SetFindKeyOfTls12(nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, uint, uint> callback);

    // ---- A connection

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint NewConnection(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void FreeConnection(nint connection);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint connection, nint reading, nint writing);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_ex_data")]
    public static partial int SetData(nint connection, int index, nint data);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_ex_data")]
    public static partial nint GetData(nint connection, int index);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_ex_data_X509_STORE_CTX_idx")]
    public static partial int ConnectionOfVerification();

    [LibraryImport(Ssl, EntryPoint = "SSL_accept")]
    public static partial int Accept(nint connection);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(nint connection, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    public static partial int Write(nint connection, byte* bytes, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int ShutDown(nint connection);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int ErrorOf(nint connection, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_version")]
    public static partial nint VersionOf(nint connection);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_current_cipher")]
    public static partial nint SuiteOf(nint connection);

    [LibraryImport(Ssl, EntryPoint = "SSL_CIPHER_standard_name")]
    public static partial nint NameOfSuite(nint suite);

    [LibraryImport(Ssl, EntryPoint = "SSL_CIPHER_find")]
    public static partial nint FindSuite(nint connection, byte* number);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_new")]
    public static partial nint NewSession();

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_free")]
    public static partial void FreeSession(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_set1_master_key")]
    public static partial int SetKey(nint session, byte* key, nuint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_set_cipher")]
    public static partial int SetSuite(nint session, nint suite);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_set_protocol_version")]
    public static partial int SetVersion(nint session, int version);

    // ---- What is beneath a connection

    [LibraryImport(Crypto, EntryPoint = "BIO_get_new_index")]
    public static partial int NewBioIndex();

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewBioMethod(int type, string name);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_read")]
    public static partial int SetBioRead(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_write")]
    public static partial int SetBioWrite(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_ctrl")]
    public static partial int SetBioControl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> callback);

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint NewBio(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_free")]
    public static partial int FreeBio(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_init")]
    public static partial void SetBioReady(nint bio, int isReady);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_data")]
    public static partial void SetBioData(nint bio, nint data);

    [LibraryImport(Crypto, EntryPoint = "BIO_get_data")]
    public static partial nint GetBioData(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_flags")]
    public static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "BIO_clear_flags")]
    public static partial void ClearBioFlags(nint bio, int flags);

    // ---- Files

    [LibraryImport(Crypto, EntryPoint = "BIO_new_mem_buf")]
    public static partial nint NewBioOf(byte* bytes, int length);

    [LibraryImport(Crypto, EntryPoint = "BIO_s_mem")]
    public static partial nint MemoryBioMethod();

    [LibraryImport(Crypto, EntryPoint = "BIO_read")]
    public static partial int ReadBio(nint bio, byte* buffer, int length);

    [LibraryImport(Crypto, EntryPoint = "PEM_read_bio_X509")]
    public static partial nint ReadCertificate(nint bio, nint into, nint password, byte* secret);

    [LibraryImport(Crypto, EntryPoint = "PEM_read_bio_PrivateKey")]
    public static partial nint ReadKey(nint bio, nint into, nint password, byte* secret);

    [LibraryImport(Crypto, EntryPoint = "PEM_read_bio_X509_CRL")]
    public static partial nint ReadRevocations(nint bio, nint into, nint password, byte* secret);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Crypto, EntryPoint = "X509_CRL_free")]
    public static partial void FreeRevocations(nint list);

    // ---- Checking certificates

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_new")]
    public static partial nint NewStore();

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_free")]
    public static partial void FreeStore(nint store);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_add_cert")]
    public static partial int AddCertificate(nint store, nint certificate);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_add_crl")]
    public static partial int AddRevocations(nint store, nint list);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_set_flags")]
    public static partial int SetStoreFlags(nint store, nuint flags);

    [LibraryImport(Crypto, EntryPoint = "X509_get_subject_name")]
    public static partial nint SubjectOf(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "X509_get_issuer_name")]
    public static partial nint IssuerOf(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "X509_get0_pubkey")]
    public static partial nint PublicKeyOf(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "X509_CRL_get_issuer")]
    public static partial nint IssuerOfRevocations(nint list);

    [LibraryImport(Crypto, EntryPoint = "X509_CRL_verify")]
    public static partial int VerifyRevocations(nint list, nint publicKey);

    [LibraryImport(Crypto, EntryPoint = "X509_NAME_cmp")]
    public static partial int CompareNames(nint name, nint other);

    [LibraryImport(Crypto, EntryPoint = "X509_NAME_print_ex")]
    public static partial int PrintName(nint bio, nint name, int indent, nuint flags);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_get_ex_data")]
    public static partial nint DataOfVerification(nint verification, int index);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_get_error")]
    public static partial int ErrorOfVerification(nint verification);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_set_error")]
    public static partial void SetErrorOfVerification(nint verification, int error);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_get0_cert")]
    public static partial nint CertificateOfVerification(nint verification);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_get_current_cert")]
    public static partial nint CurrentCertificateOfVerification(nint verification);

    [LibraryImport(Crypto, EntryPoint = "X509_verify_cert_error_string")]
    public static partial nint TextOfVerification(nint error);

    // ---- Errors, which are kept for each thread

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Crypto, EntryPoint = "ERR_get_error")]
    public static partial nuint TakeError();

    [LibraryImport(Crypto, EntryPoint = "ERR_peek_last_error")]
    public static partial nuint LastError();

    [LibraryImport(Crypto, EntryPoint = "ERR_reason_error_string")]
    public static partial nint TextOfError(nuint error);
}
