namespace SharpNbd.Server;

/// <summary>The certificates that authorities have taken back (<c>ca-crl.pem</c>).</summary>
internal static class RevocationLists
{
    /// <summary>Reads the lists of a directory, each of which one of the authorities must have signed; none where there is no file.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public static IReadOnlyList<OpenSslObject> Load(string directory, IReadOnlyList<OpenSslObject> authorities)
    {
        var path = Path.Combine(directory, CertificateDirectory.RevocationFile);
        if (!File.Exists(path))
        {
            return [];
        }

        var lists = PemReader.RevocationLists(path);
        return lists.TrueForAll(list => authorities.Any(authority => IsSignedBy(list, authority)))
            ? lists
            : throw new StartupException($"{path} was signed by nobody in {CertificateDirectory.AuthorityFile}");
    }

    private static bool IsSignedBy(OpenSslObject list, OpenSslObject authority)
        => OpenSsl.CompareNames(OpenSsl.IssuerOfRevocations(list.Pointer), OpenSsl.SubjectOf(authority.Pointer)) == 0
            && OpenSsl.VerifyRevocations(list.Pointer, OpenSsl.PublicKeyOf(authority.Pointer)) == 1;
}
