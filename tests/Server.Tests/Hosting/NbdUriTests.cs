using System.Net.Sockets;

namespace SharpNbd.Server.Tests;

public sealed class NbdUriTests
{
    /// <summary>As nbdkit 1.32.5 writes them.</summary>
    [Theory]
    [InlineData("", "nbd+unix://?socket=/tmp/s")]
    [InlineData("a b/c?d", "nbd+unix:///a%20b/c%3Fd?socket=/tmp/s")]
    [InlineData("/lead", "nbd+unix:////lead?socket=/tmp/s")]
    [InlineData("ü%#&=+", "nbd+unix:///%C3%BC%25%23%26%3D%2B?socket=/tmp/s")]
    [InlineData("q'\"$x`", "nbd+unix:///q%27%22%24x%60?socket=/tmp/s")]
    [InlineData("a:b@c;d,e!f*g(h)i~j-k_l.m", "nbd+unix:///a%3Ab%40c%3Bd%2Ce%21f%2Ag%28h%29i~j-k_l.m?socket=/tmp/s")]
    [InlineData("\\|<>[]{}^\n", "nbd+unix:///%5C%7C%3C%3E%5B%5D%7B%7D%5E%0A?socket=/tmp/s")]
    public void ExportNamesAreEscaped(string export, string uri) => Assert.Equal(uri, NbdUri.Format(new UnixListenAddress("/tmp/s"), export));

    [Fact]
    public void SocketPathsAreEscaped()
        => Assert.Equal("nbd+unix:///x?socket=/tmp/s%20o%25ck%2B%C3%A9%26%3F%23", NbdUri.Format(new UnixListenAddress("/tmp/s o%ck+é&?#"), "x"));

    [Theory]
    [InlineData(null, "localhost")]
    [InlineData("0.0.0.0", "localhost")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("127.0.0.2", "127.0.0.2")]
    [InlineData("::", "[::1]")]
    [InlineData("::1", "[::1]")]
    [InlineData("2001:db8::1", "[2001:db8::1]")]
    [InlineData("disks.example", "disks.example")]
    public void TheHostIsOneThatClientsReach(string? host, string named)
        => Assert.Equal($"nbd://{named}:10809/x", NbdUri.Format(new TcpListenAddress(host, 10809), "x"));

    [Fact]
    public void AServerOnIPv6OnlyIsNotFoundUnderANameOfIPv4()
        => Assert.Equal("nbd://[::1]:1", NbdUri.Format(new TcpListenAddress(null, 1, AddressFamily.InterNetworkV6), ""));

    [Theory]
    [InlineData(TlsMode.On, null, "nbd+unix:///x?socket=/tmp/s", "nbd://localhost:1/x")]
    [InlineData(TlsMode.Require, null, "nbds+unix:///x?socket=/tmp/s", "nbds://localhost:1/x")]
    [InlineData(TlsMode.Require, "/k&y", "nbds+unix:///x?socket=/tmp/s&tls-psk-file=/k%26y", "nbds://localhost:1/x?tls-psk-file=/k%26y")]
    internal void OnlyAServerThatRequiresTlsIsNamedSo(TlsMode mode, string? keys, string onUnix, string onTcp)
    {
        var tls = new TlsSupport(mode, null!) { UriParameter = keys is null ? null : ("tls-psk-file", keys) };

        Assert.Equal(onUnix, NbdUri.Format(new UnixListenAddress("/tmp/s"), "x", tls));
        Assert.Equal(onTcp, NbdUri.Format(new TcpListenAddress(null, 1), "x", tls));
    }
}
