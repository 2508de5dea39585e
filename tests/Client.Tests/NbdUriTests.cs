using System.Net;
using System.Net.Sockets;

namespace SharpNbd.Client.Tests;

public sealed class NbdUriTests
{
    [Theory]
    [InlineData("nbd://example.com", "example.com:10809", "")]
    [InlineData("nbd://example.com/", "example.com:10809", "")]
    [InlineData("nbd://example.com:99/disk%201", "example.com:99", "disk 1")]
    [InlineData("nbd://[::1]:99/a/b", "[::1]:99", "a/b")]
    [InlineData("nbd://127.0.0.1//x", "127.0.0.1:10809", "/x")]
    [InlineData("nbd+unix:///?socket=/tmp/a%20b", "/tmp/a b", "")]
    [InlineData("nbds+unix://me@/e?socket=/tmp/s&tls-psk-file=/k", "/tmp/s", "e")]
    [InlineData("nbd+vsock://2/e", "vsock 2:10809", "e")]
    [InlineData("nbds+vsock://3:4000000000", "vsock 3:4000000000", "")]
    public void AUriNamesAServerAndAnExport(string text, string address, string export)
    {
        var uri = NbdUri.Parse(text);

        Assert.Equal((address, export), (Connector.Text(uri.Address), uri.ExportName));
        Assert.Equal(text.StartsWith("nbds", StringComparison.Ordinal) ? NbdTlsMode.Require : NbdTlsMode.Off, uri.Tls.Mode);
    }

    [Fact]
    public void TheRestIsAboutTls()
    {
        var uri = NbdUri.Parse("nbds://alice@host/e?tls-psk-file=/keys&tls-certificates=/pki&tls-hostname=other&tls-verify-peer=false");

        Assert.Equal(
            new NbdTlsOptions
            {
                Mode = NbdTlsMode.Require, UserName = "alice", PskFile = "/keys", CertificateDirectory = "/pki", HostName = "other", VerifyServer = false,
            },
            uri.Tls);
        Assert.Equal(AddressFamily.Unspecified, Assert.IsType<DnsEndPoint>(uri.Address).AddressFamily);
    }

    [Theory]
    [InlineData("", "is no NBD URI")]
    [InlineData("disk.img", "is no NBD URI")]
    [InlineData("http://host", "is no NBD URI")]
    [InlineData("nbd+ssh://host", "is no NBD URI")]
    [InlineData("nbd://", "names no host")]
    [InlineData("nbd://host:0", "1 to 65535")]
    [InlineData("nbd://host:65536", "1 to 65535")]
    [InlineData("nbd://host:x", "is no port number")]
    [InlineData("nbd://host?socket=/x", "nbd+unix")]
    [InlineData("nbd+unix:///", "names no socket")]
    [InlineData("nbd+unix://host/?socket=/x", "names a host and a Unix socket")]
    [InlineData("nbd+vsock://host", "is no number of a machine")]
    public void AnythingElseIsOneLineThatSaysWhatIsAccepted(string text, string words)
    {
        var error = Assert.Throws<FormatException>(() => NbdUri.Parse(text));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
