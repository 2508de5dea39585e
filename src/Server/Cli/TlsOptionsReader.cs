namespace SharpNbd.Server;

/// <summary>Understands the options that begin with <c>--tls</c>.</summary>
internal sealed class TlsOptionsReader(CommandLine line, List<string> errors)
{
    /// <summary>Reads them; what is wrong is added to the errors.</summary>
    public TlsOptions Read()
    {
        var options = new TlsOptions
        {
            Mode = Mode(),
            CertificateDirectory = Path(Option.TlsCertificates, "--tls-certificates", "directory"),
            PskFile = Path(Option.TlsPsk, "--tls-psk", "file"),
            VerifyPeer = line.Has(Option.TlsVerifyPeer),
            Priority = Priority(),
        };
        if (options.Mode == TlsMode.Require && line.Has(Option.Oldstyle))
        {
            errors.Add("-o and --tls=require cannot be used together: the oldstyle protocol knows no TLS");
        }

        return options;
    }

    // Any boolean, as in nbdkit, and its third word.
    private TlsMode? Mode()
    {
        switch (line.Last(Option.Tls)?.ToLowerInvariant())
        {
            case null:
                return null;
            case "require":
                return TlsMode.Require;
            case "on" or "true" or "t" or "yes" or "y" or "1":
                return TlsMode.On;
            case "off" or "false" or "f" or "no" or "n" or "0":
                return TlsMode.Off;
            case var other:
                errors.Add($"--tls={other}: off, on or require is needed");
                return null;
        }
    }

    private TlsPriority Priority()
    {
        if (line.Last(Option.TlsPriority) is not { } text)
        {
            return TlsPriority.Default;
        }

        try
        {
            var priority = TlsPriority.Parse(text);
            if (!(line.Has(Option.TlsPsk) ? priority.PskSuites : priority.CertificateSuites).Any())
            {
                errors.Add($"--tls-priority={text}: this leaves no cipher suite to agree on; NORMAL has all");
            }

            return priority;
        }
        catch (FormatException e)
        {
            errors.Add($"--tls-priority={text}: {e.Message}");
            return TlsPriority.Default;
        }
    }

    // Made absolute here, for the server leaves its directory when it goes to the background.
    private string? Path(Option option, string spelling, string kind)
    {
        if (line.Last(option) is not { } path)
        {
            return null;
        }

        if (path.Length > 0)
        {
            return System.IO.Path.GetFullPath(path);
        }

        errors.Add($"{spelling}: a {kind} is needed");
        return null;
    }
}
