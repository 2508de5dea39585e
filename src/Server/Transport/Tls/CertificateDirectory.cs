namespace SharpNbd.Server;

/// <summary>Where the certificates of a server are: nbdkit's file names in nbdkit's places.</summary>
internal static class CertificateDirectory
{
    /// <summary>The certificates of those who may sign: of clients with <c>--tls-verify-peer</c>.</summary>
    public const string AuthorityFile = "ca-cert.pem";

    /// <summary>The certificate of the server, with those between it and the authority behind it.</summary>
    public const string CertificateFile = "server-cert.pem";

    /// <summary>The private key of the server.</summary>
    public const string KeyFile = "server-key.pem";

    /// <summary>The certificates that the authority has taken back; may be missing.</summary>
    public const string RevocationFile = "ca-crl.pem";

    private const string SystemDirectory = "/etc/pki/nbdkit";

    /// <summary>Looks for certificates.</summary>
    /// <param name="named">The one directory to look in; null for the usual ones.</param>
    /// <param name="problem">What to tell who wants them where there are none.</param>
    /// <returns>The first directory that has some, or null.</returns>
    public static string? Find(string? named, out string problem)
    {
        var places = named is not null ? [named] : UsualPlaces(Environment.GetEnvironmentVariable("HOME"), Environment.IsPrivilegedProcess);
        problem = $"there is no {AuthorityFile} in {string.Join(" or ", places)}";
        return places.Find(place => File.Exists(Path.Combine(place, AuthorityFile)));
    }

    /// <summary>Where they are looked for: at home, and for root in the system's directory.</summary>
    public static List<string> UsualPlaces(string? home, bool isRoot)
    {
        List<string> places = string.IsNullOrEmpty(home) ? [] : [Path.Combine(home, ".pki/nbdkit"), Path.Combine(home, ".config/pki/nbdkit")];
        if (isRoot)
        {
            places.Add(SystemDirectory);
        }

        return places;
    }
}
