using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class CurlParameterTests : CurlTest
{
    private const string Url = "url=http://localhost/disk.img";

    [Theory]
    [InlineData("the parameter url=URL is missing", "connections=1")]
    [InlineData("url= is not a URL", "url=http://")]
    [InlineData("url=ftp: this protocol is not served; http, https and file are", "url=ftp://localhost/disk.img")]
    [InlineData("url=http: protocols= allows only https", Url, "protocols=https")]
    [InlineData("there is no protocol 'foo'", Url, "protocols=foo")]
    [InlineData("names a file of this machine", "url=file://elsewhere/disk.img")]
    [InlineData("at least one connection is needed", Url, "connections=0")]
    [InlineData("cookie= and cookie-script= cannot be used together", Url, "cookie=a", "cookie-script=b")]
    [InlineData("header= and header-script= cannot be used together", Url, "header=A: b", "header-script=b")]
    [InlineData("cookie-script-renew= needs cookie-script=", Url, "cookie-script-renew=1")]
    [InlineData("header-script-renew= needs header-script=", Url, "header-script-renew=1")]
    [InlineData("a whole number from 0", Url, "timeout=-1")]
    [InlineData("'Name: value' is needed", Url, "header=nothing")]
    [InlineData("Range is set by the plugin", Url, "header=Range: bytes=0-1")]
    [InlineData("http-version=4: one of none, 1.0", Url, "http-version=4")]
    [InlineData("HTTP/3 needs an https URL", "url=http://localhost/", "http-version=3only")]
    [InlineData("ssl-version=sslv3: SSL before TLS is broken", Url, "ssl-version=sslv3")]
    [InlineData("one of default, tlsv1", Url, "ssl-version=tls")]
    [InlineData("'TLS_FOO' is not the name of a cipher of TLS 1.3", Url, "tls13-ciphers=TLS_FOO")]
    [InlineData("'HIGH' is not the name of a cipher of TLS 1.2", Url, "ssl-cipher-list=HIGH")]
    [InlineData("one of any, v4, v6 is needed", Url, "ipresolve=6")]
    [InlineData("HOST:PORT:ADDRESS is needed", Url, "resolve=localhost:80")]
    [InlineData("HOST:PORT:ADDRESS is needed", Url, "resolve=localhost:80:elsewhere")]
    [InlineData("a URL such as http://host:3128 is needed", Url, "proxy=ftp://localhost")]
    [InlineData("unix-socket-path= and proxy= cannot be used together", Url, "unix-socket-path=/a", "proxy=b")]
    [InlineData("proxy-password= needs proxy-user=", Url, "proxy-password=b")]
    [InlineData("cainfo=/nowhere/ca.pem: the certificates cannot be read", Url, "cainfo=/nowhere/ca.pem")]
    [InlineData("cainfo=/dev/null: ", Url, "cainfo=/dev/null")]
    [InlineData("capath=/nowhere: the certificates cannot be read", Url, "capath=/nowhere")]
    [InlineData("cookiefile=/nowhere/cookies: ", Url, "cookiefile=/nowhere/cookies")]
    [InlineData("cookiejar=/dev/null: a regular file is needed", Url, "cookiejar=/dev/null")]
    public Task AMistakeIsNamed(string expected, params string[] parameters)
        => parameters.Contains("http-version=3only") ? FirstIsAsync(expected, parameters) : RefusesAsync(expected, parameters);

    [Fact]
    public async Task SeveralMistakesAreToldTogether()
    {
        var errors = (await Assert.ThrowsAsync<Abstractions.ParameterException>(
            () => PluginRunner.CreateAsync(new CurlPlugin(), Url, "connections=0", "ssl-version=5", "timeout=x").AsTask())).Errors;

        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public async Task AFileUrlServesTheFile()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("disk & co", Content);

        await using var disk = await PluginRunner.OpenAsync(new CurlPlugin(), $"url={new Uri(path).AbsoluteUri}");

        Assert.Equal(Content, await PluginRunner.ReadAllAsync(disk));
    }

    // Where there is no HTTP/3 either, that is told as well.
    private static async Task FirstIsAsync(string expected, string[] parameters)
        => Assert.Contains(
            (await Assert.ThrowsAsync<Abstractions.ParameterException>(() => PluginRunner.CreateAsync(new CurlPlugin(), parameters).AsTask())).Errors,
            error => error.Contains(expected, StringComparison.Ordinal));
}
