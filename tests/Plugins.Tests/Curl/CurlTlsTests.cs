using System.Security.Cryptography.X509Certificates;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class CurlTlsTests : CurlTest
{
    private readonly X509Certificate2 _certificate = WebCertificate.Create();
    private readonly TemporaryDirectory _directory = new();
    private WebServer _server = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await System.IO.File.WriteAllTextAsync(_directory["ca.pem"], _certificate.ExportCertificatePem());
        _server = Owns(new WebServer(File.Answer, _certificate));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _certificate.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task AServerThatNobodyTrustsIsRefused()
        => Assert.Contains("certificate", await FailsAsync(() => OpenUrlAsync(_server.Url()).AsTask()), StringComparison.Ordinal);

    [Theory]
    [InlineData("cainfo=DIRECTORY/ca.pem")]
    [InlineData("capath=DIRECTORY")]
    [InlineData("sslverify=false")]
    [InlineData("sslverify=false", "cainfo=")]
    [InlineData("cainfo=DIRECTORY/ca.pem", "ssl-version=tlsv1.3", "tls13-ciphers=TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("cainfo=DIRECTORY/ca.pem", "ssl-version=max-tlsv1.2", "ssl-cipher-list=ECDHE-ECDSA-AES128-GCM-SHA256:TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")]
    public async Task AServerThatIsTrustedIsRead(params string[] parameters)
        => await ReadsRightAsync(
            await OpenUrlAsync(_server.Url(), [.. parameters.Select(word => word.Replace("DIRECTORY", _directory.Path, StringComparison.Ordinal))]), 1000, 1000);

    [Theory]
    [InlineData("cainfo=")]
    [InlineData("cainfo=DIRECTORY/other.pem")]
    [InlineData("cainfo=DIRECTORY/ca.pem", "ssl-version=max-tlsv1.2", "ssl-cipher-list=AES128-SHA")]
    public async Task AServerThatDoesNotFitIsRefused(params string[] parameters)
    {
        await System.IO.File.WriteAllTextAsync(_directory["other.pem"], WebCertificate.Create().ExportCertificatePem());

        await FailsAsync(() => OpenUrlAsync(_server.Url(), [.. parameters.Select(word => word.Replace("DIRECTORY", _directory.Path, StringComparison.Ordinal))]).AsTask());
    }

    [Theory]
    [InlineData("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA")]
    [InlineData("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")]
    [InlineData("DHE-RSA-AES256-SHA256", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256")]
    [InlineData("AES256-CCM8", "TLS_RSA_WITH_AES_256_CCM_8")]
    public void CiphersHaveTheNamesOfOpenSsl(string name, string standard)
        => Assert.Equal(standard, Assert.Single(CipherNames.ParseTls12(name)).ToString());
}
