namespace SharpNbd.Server;

/// <summary>What a server does when a client asks for TLS.</summary>
/// <param name="Mode">Whether clients may or must; never off.</param>
/// <param name="Credentials">What the server shows and checks.</param>
internal sealed record TlsSupport(TlsMode Mode, TlsCredentials Credentials)
{
    private const string Advice = "name their directory with --tls-certificates=DIRECTORY, or use --tls-psk=FILE";

    /// <summary>What a URI says about the files of the command line, so that clients on this machine find theirs; or null.</summary>
    public (string Key, string Path)? UriParameter { get; init; }

    /// <summary>Loads the credentials.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="warn">Says what may not be what the user wants.</param>
    /// <returns>Null where TLS is off.</returns>
    /// <exception cref="StartupException">TLS is required and there is nothing to do it with, or a key file is wrong.</exception>
    public static TlsSupport? Load(TlsOptions options, Action<string> warn)
    {
        if (options.Mode == TlsMode.Off)
        {
            return null;
        }

        if (options.PskFile is { } file)
        {
            return new TlsSupport(options.Mode ?? TlsMode.On, PskCredentials.Load(file, options.Priority))
            {
                UriParameter = ("tls-psk-file", file),
            };
        }

        var directory = CertificateDirectory.Find(options.CertificateDirectory, out var problem);
        try
        {
            if (directory is not null)
            {
                return new TlsSupport(options.Mode ?? TlsMode.On, CertificateCredentials.Load(directory, options.VerifyPeer, options.Priority))
                {
                    UriParameter = options.CertificateDirectory is { } named ? ("tls-certificates", named) : null,
                };
            }
        }
        catch (StartupException e)
        {
            problem = e.Message;
        }

        if (options.Mode == TlsMode.Require)
        {
            throw new StartupException($"--tls=require: {problem}; {Advice}");
        }

        // nbdkit goes on in the clear, too. Who asked for nothing need not be told that there is nothing.
        if (options.Mode is not null || options.CertificateDirectory is not null || directory is not null)
        {
            warn($"TLS is off, and clients that ask for it are refused: {problem}; {Advice}");
        }

        return null;
    }
}
