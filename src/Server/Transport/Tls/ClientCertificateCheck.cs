using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// Decides about the certificates of clients (<c>--tls-verify-peer</c>): they must be valid now, for clients, signed by one of
/// the authorities, and not revoked. What name they carry does not matter, as in nbdkit.
/// </summary>
internal static unsafe class ClientCertificateCheck
{
    /// <summary>X509_V_FLAG_PARTIAL_CHAIN: whoever is in the file of authorities is trusted, also if another authority has signed it.</summary>
    private const nuint TrustAnyAuthority = 0x80000;

    /// <summary>X509_V_FLAG_CRL_CHECK and CRL_CHECK_ALL.</summary>
    private const nuint CheckRevocations = 4 | 8;

    private const int NoList = 3;
    private const int ListHasEnded = 12;
    private const int Revoked = 23;

    /// <summary>Asks the clients of a context for certificates.</summary>
    /// <param name="context">The server's.</param>
    /// <param name="authorities">Who may sign them.</param>
    /// <param name="revoked">Which of them do not count any more.</param>
    public static void Demand(TlsContext context, IReadOnlyList<OpenSslObject> authorities, IReadOnlyList<OpenSslObject> revoked)
    {
        using var store = new OpenSslObject(OpenSsl.NewStore(), &OpenSsl.FreeStore);
        _ = OpenSsl.SetStoreFlags(store.Pointer, revoked.Count > 0 ? TrustAnyAuthority | CheckRevocations : TrustAnyAuthority);
        foreach (var authority in authorities)
        {
            _ = OpenSsl.AddCertificate(store.Pointer, authority.Pointer);
        }

        foreach (var list in revoked)
        {
            _ = OpenSsl.AddRevocations(store.Pointer, list.Pointer);
        }

        context.Demand(store, authorities, &Decide);
    }

    /// <summary>Is asked about each step of a verification (SSL_CTX_set_verify); 1 goes on, 0 refuses.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Decide(int isFine, nint verification)
    {
        var error = OpenSsl.ErrorOfVerification(verification);
        if (isFine == 1)
        {
            return 1;
        }

        // An authority without a list has revoked nothing.
        if (error == NoList)
        {
            OpenSsl.SetErrorOfVerification(verification, 0);
            return 1;
        }

        var session = OpenSslSession.Of(OpenSsl.DataOfVerification(verification, OpenSsl.ConnectionOfVerification()));
        var current = OpenSsl.CurrentCertificateOfVerification(verification);
        session.Problem = error switch
        {
            Revoked => $"the client's certificate '{SubjectOf(current)}' was revoked",
            ListHasEnded => $"the revocation list of '{OpenSslText.OfName(OpenSsl.IssuerOf(current))}' has ended, a newer one is needed",
            _ => $"the client's certificate '{SubjectOf(OpenSsl.CertificateOfVerification(verification))}' is not accepted: "
                + OpenSslText.Of(OpenSsl.TextOfVerification(error)),
        };
        return 0;
    }

    private static string SubjectOf(nint certificate) => OpenSslText.OfName(OpenSsl.SubjectOf(certificate));
}
