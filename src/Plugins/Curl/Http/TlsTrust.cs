using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Whose certificates are trusted.</summary>
internal static class TlsTrust
{
    /// <summary>How a server's certificate is checked; null for the system's way.</summary>
    /// <exception cref="ParameterException">The file or directory cannot be read or holds no certificate.</exception>
    public static X509ChainPolicy? Policy(CurlOptions options)
    {
        if (options is { CaInfo: null, CaPath: null })
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (options.CaInfo is { Length: > 0 } file)
        {
            Load("cainfo", file, () => policy.CustomTrustStore.ImportFromPemFile(file));
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new ParameterException($"cainfo={file}: there is no certificate in the file; PEM is needed");
            }
        }

        if (options.CaPath is { } directory)
        {
            Load("capath", directory.Value, () =>
            {
                // Where the directory is made for OpenSSL, each certificate has a file or link that is named for its hash.
                var files = Directory.GetFiles(directory.Value);
                var hashed = files.Where(path => IsHash(Path.GetFileName(path))).ToArray();
                foreach (var path in hashed.Length > 0 ? hashed : files)
                {
                    policy.CustomTrustStore.ImportFromPemFile(path);
                }
            });
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new ParameterException($"capath={directory}: there is no certificate in the directory; PEM files are needed");
            }
        }

        return policy;
    }

    // Such as 5ed36f99.0.
    private static bool IsHash(string name)
        => name.Length > 9 && name[8] == '.' && name[..8].All(char.IsAsciiHexDigitLower) && name[9..].All(char.IsAsciiDigit);

    private static void Load(string key, string path, Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ParameterException($"{key}={path}: the certificates cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
