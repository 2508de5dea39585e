using System.Security.Cryptography.X509Certificates;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Which clients get in where certificates are demanded (<c>--tls-verify-peer</c>).</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new("CN=stranger");

    public ClientCertificateTests() => _authority.WriteServer(_directory.Path);

    [Fact]
    public async Task OneWithACertificateOfTheAuthorityIsLetIn()
    {
        using var client = _authority.IssueClient();

        await AssertLetInAsync(client);
    }

    [Fact]
    public async Task OneWithoutACertificateIsRefused() => await AssertRefusedAsync(null, "showed no certificate");

    [Fact]
    public async Task OneWithACertificateOfSomebodyElseIsRefused()
    {
        using var client = _stranger.IssueClient();

        await AssertRefusedAsync(client, "'CN=client' is not accepted");
    }

    [Fact]
    public async Task OneWhoseCertificateIsForServersIsRefused()
    {
        using var server = _authority.IssueServer();

        await AssertRefusedAsync(server, "'CN=localhost' is not accepted");
    }

    [Fact]
    public async Task OneWhoseCertificateHasEndedIsRefused()
    {
        using var client = _authority.IssueExpiredClient();

        await AssertRefusedAsync(client, "'CN=late' is not accepted");
    }

    [Fact]
    public async Task OneWhoseCertificateWasRevokedIsRefusedAndOthersAreNot()
    {
        using var revoked = _authority.IssueClient("CN=gone");
        using var other = _authority.IssueClient();
        _authority.Revoke(revoked);
        _authority.WriteRevocations(_directory.Path);

        await AssertRefusedAsync(revoked, "'CN=gone' was revoked");
        await AssertLetInAsync(other);
    }

    [Fact]
    public async Task WithAListThatHasEndedNobodyIsLetIn()
    {
        using var client = _authority.IssueClient();
        _authority.WriteRevocations(_directory.Path, endsIn: -TimeSpan.FromDays(1));

        await AssertRefusedAsync(client, "a newer one is needed");
    }

    [Fact]
    public void AListThatSomebodyElseSignedIsNotTaken()
    {
        _stranger.WriteRevocations(_directory.Path);

        var error = Assert.Throws<StartupException>(Load);

        Assert.Contains("ca-crl.pem was signed by nobody in ca-cert.pem", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    [InlineData("not a list")]
    public void AListThatIsNoneIsNotTaken(string content)
    {
        File.WriteAllText(_directory["ca-crl.pem"], content);

        Assert.Contains("ca-crl.pem", Assert.Throws<StartupException>(Load).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _directory.Dispose();
    }

    private CertificateCredentials Load() => CertificateCredentials.Load(_directory.Path, verifiesPeer: true, TlsPriority.Default);

    private WireServer Start()
        => new(new StaticSource(new RecordingDisk()), WireServer.DefaultOptions with { TlsSupport = new TlsSupport(TlsMode.Require, Load()) });

    private async Task AssertLetInAsync(X509Certificate2 certificate)
    {
        await using var server = Start();

        server.Connect().Greet().StartTls(connection => TlsWireServer.Encrypt(connection, default, certificate)).Go().Disconnect();

        Assert.Empty(server.Log.Lines);
    }

    private async Task AssertRefusedAsync(X509Certificate2? certificate, string why)
    {
        await using var server = Start();
        var client = server.ConnectOverSocket().Greet();

        // In TLS 1.3 the client has finished before it hears that it is refused.
        var refusal = Assert.ThrowsAny<Exception>(
            () => client.StartTls(connection => TlsWireServer.Encrypt(connection, default, certificate)).Go());

        Assert.IsNotType<TimeoutException>(refusal);
        Assert.Contains(why, server.Log.WaitFor("disconnected"), StringComparison.Ordinal);
        Assert.Single(server.Log.Lines);
    }
}
