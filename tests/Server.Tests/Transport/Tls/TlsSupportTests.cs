using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>What comes of the options of the command line, as with nbdkit.</summary>
public sealed class TlsSupportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = new();
    private readonly List<string> _warnings = [];

    [Theory]
    [InlineData(null, TlsMode.On)]
    [InlineData(TlsMode.On, TlsMode.On)]
    [InlineData(TlsMode.Require, TlsMode.Require)]
    internal void CertificatesTurnItOn(TlsMode? asked, TlsMode mode)
    {
        _authority.WriteServer(_directory.Path);

        Assert.Equal(mode, Load(asked)!.Mode);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(null, TlsMode.On)]
    [InlineData(TlsMode.Require, TlsMode.Require)]
    internal void KeysTurnItOnAndGoBeforeCertificates(TlsMode? asked, TlsMode mode)
    {
        File.WriteAllText(_directory["keys"], "alice:00ff\n");

        var tls = TlsSupport.Load(Options(asked) with { PskFile = _directory["keys"] }, _warnings.Add)!;

        Assert.Equal(mode, tls.Mode);
        Assert.IsType<PskCredentials>(tls.Credentials);
    }

    [Fact]
    public void OffIsOffWhateverThereIs()
    {
        _authority.WriteServer(_directory.Path);

        Assert.Null(TlsSupport.Load(Options(TlsMode.Off) with { PskFile = "/nonexistent" }, _warnings.Add));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TlsMode.On)]
    internal void WithoutCertificatesWhereTheyShouldBeItIsOffWithAWarning(TlsMode? asked)
    {
        Assert.Null(Load(asked));
        Assert.Contains($"no ca-cert.pem in {_directory.Path}", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutCertificatesItCannotBeRequired()
    {
        var error = Assert.Throws<StartupException>(() => Load(TlsMode.Require));

        Assert.Contains("--tls=require", error.Message, StringComparison.Ordinal);
        Assert.Contains("--tls-certificates=DIRECTORY", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server-cert.pem")]
    [InlineData("server-key.pem")]
    public void AFileThatIsMissingIsNamed(string file)
    {
        _authority.WriteServer(_directory.Path);
        File.Delete(_directory[file]);

        Assert.Contains(file, Assert.Throws<StartupException>(() => Load(TlsMode.Require)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ca-cert.pem")]
    [InlineData("server-cert.pem")]
    [InlineData("server-key.pem")]
    public void AFileThatMakesNoSenseIsNamed(string file)
    {
        _authority.WriteServer(_directory.Path);
        File.WriteAllText(_directory[file], "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        var error = Assert.Throws<StartupException>(() => Load(TlsMode.Require));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void AKeyOfAnotherCertificateIsNoticed()
    {
        _authority.WriteServer(_directory.Path);
        using var other = _authority.IssueServer();
        File.WriteAllText(_directory["server-key.pem"], other.GetECDsaPrivateKey()!.ExportECPrivateKeyPem());

        Assert.Contains("server-key.pem", Assert.Throws<StartupException>(() => Load(TlsMode.Require)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyThatIsEncryptedIsNotAskedAboutAtTheTerminal()
    {
        _authority.WriteServer(_directory.Path);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000);
        File.WriteAllText(_directory["server-key.pem"], key.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters));

        Assert.Contains("server-key.pem", Assert.Throws<StartupException>(() => Load(TlsMode.Require)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyThatIsTooShortToBeSafeIsRefused()
    {
        _authority.WriteServer(_directory.Path);
        using var key = RSA.Create(512);
        var request = new CertificateRequest("CN=short", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_directory["server-cert.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_directory["server-key.pem"], key.ExportPkcs8PrivateKeyPem());

        Assert.Contains("'CN=short' is not accepted", Assert.Throws<StartupException>(() => Load(TlsMode.Require)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheUsualPlacesAreThoseOfNbdkit()
    {
        Assert.Equal(["/home/me/.pki/nbdkit", "/home/me/.config/pki/nbdkit"], CertificateDirectory.UsualPlaces("/home/me", isRoot: false));
        Assert.Equal(["/etc/pki/nbdkit"], CertificateDirectory.UsualPlaces(null, isRoot: true));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private TlsOptions Options(TlsMode? mode) => new() { Mode = mode, CertificateDirectory = _directory.Path };

    private TlsSupport? Load(TlsMode? mode) => TlsSupport.Load(Options(mode), _warnings.Add);
}
