using System.Text;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>What the server is told, and where the requests go.</summary>
public sealed class CurlRequestTests : CurlTest
{
    [Fact]
    public async Task HeadersAreAddedReplacedEmptiedAndRemoved()
    {
        await OpenAsync("header=X-One: 1", "header=X-Empty;", "header=Accept:", "header=User-Agent: mine", "header=X-One: 2", "user-agent=theirs");

        var request = Server.Requests[0];
        Assert.Equal(("1, 2", "", "mine"), (request["X-One"], request["X-Empty"], request["User-Agent"]));
        Assert.Null(request["Accept"]);
    }

    [Theory]
    [InlineData("joe:", "user=joe")]
    [InlineData("joe:secret", "user=joe", "password=secret")]
    public async Task AUserIsToldTheServerWithEveryRequest(string expected, params string[] parameters)
    {
        await ReadsRightAsync(await OpenAsync(parameters), 0, 512);

        Assert.All(Server.Requests, request => Assert.Equal(Basic(expected), request["Authorization"]));
    }

    [Fact]
    public async Task AUserMayStandInTheUrl()
    {
        await OpenUrlAsync(Server.Url().Replace("://", "://joe:a%40b@", StringComparison.Ordinal));

        Assert.Equal(Basic("joe:a@b"), Server.Requests[0]["Authorization"]);
    }

    [Fact]
    public async Task APasswordIsReadFromAFile()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("password", "secret\n"u8);

        await OpenAsync("user=joe", $"password=+{path}", $"cookie=+{directory.Write("cookie", "a=b; c=d\n"u8)}");

        Assert.Equal((Basic("joe:secret"), "a=b; c=d"), (Server.Requests[0]["Authorization"], Server.Requests[0]["Cookie"]));
    }

    [Fact]
    public async Task ARedirectIsFollowedAndRemembered()
    {
        await using var other = new WebServer(File.Answer);
        Fault = request => WebAnswer.Of("302 Found", $"Location: {other.Url("/elsewhere")}");
        var disk = await OpenAsync("user=joe", "password=secret", "header=X-Mine: 1");

        await ReadsRightAsync(disk, 0, 512);

        Assert.Single(Server.Requests);
        Assert.All(other.Requests, request => Assert.Equal((null, "1"), (request["Authorization"], request["X-Mine"])));
        Assert.Equal(Basic("joe:secret"), Server.Requests[0]["Authorization"]);
    }

    [Fact]
    public async Task ARedirectThatHasExpiredIsAskedForAgain()
    {
        var signature = 1;
        Fault = request => request.Target == "/disk.img" ? WebAnswer.Of("307 Temporary Redirect", $"Location: /signed?{signature}")
            : request.Target == $"/signed?{signature}" ? null
            : WebAnswer.Of("403 Forbidden");
        var disk = await OpenAsync();
        await ReadsRightAsync(disk, 0, 512);

        signature++;

        await ReadsRightAsync(disk, 10_000, 512);
    }

    [Theory]
    [InlineData("/disk.img", "more than 30 redirects")]
    [InlineData("ftp://127.0.0.1/disk.img", "redirects to a ftp URL: this protocol is not served")]
    [InlineData("file:///etc/passwd", "redirects to a file URL: files of this machine are not served")]
    [InlineData("https://127.0.0.1/disk.img", "redirects to a https URL: protocols= allows only http")]
    public async Task ARedirectToSomewhereElseFails(string location, string reason)
    {
        Fault = _ => WebAnswer.Of("301 Moved Permanently", $"Location: {location}");

        Assert.Contains(reason, await FailsAsync(() => OpenAsync("protocols=http").AsTask()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARedirectIsNotFollowedWhereThatIsForbidden()
    {
        Fault = _ => WebAnswer.Of("302 Found", "Location: /elsewhere");

        Assert.Contains("302 Found, which is not followed", await FailsAsync(() => OpenAsync("followlocation=false").AsTask()), StringComparison.Ordinal);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task ScriptsMakeHeadersAndCookiesUntilTheyAreTooOld()
    {
        var disk = await OpenAsync(
            Time, Server.Url(), "header-script=echo \"X-Run: $iteration $url\"; echo 'X-Empty;'", "header-script-renew=10", "cookie-script=echo n=$iteration", "cookie-script-renew=0");
        Time.Advance(TimeSpan.FromSeconds(10));
        await ReadsRightAsync(disk, 0, 512);
        Time.Advance(TimeSpan.FromSeconds(1));
        await ReadsRightAsync(disk, 10_000, 512);

        Assert.Equal([$"0 {Server.Url()}", $"0 {Server.Url()}", $"1 {Server.Url()}"], Server.Requests.Select(request => request["X-Run"]));
        Assert.All(Server.Requests, request => Assert.Equal(("n=0", ""), (request["Cookie"], request["X-Empty"])));
    }

    [Theory]
    [InlineData("header-script=exit 3", "header-script: the script ended with status 3")]
    [InlineData("cookie-script=exit 4", "cookie-script: the script ended with status 4")]
    [InlineData("header-script=echo nothing", "'Name: value' is needed")]
    public async Task AScriptThatFailsFailsTheRequest(string parameter, string reason)
        => Assert.Contains(reason, await FailsAsync(() => OpenAsync(parameter).AsTask()), StringComparison.Ordinal);

    [Fact]
    public async Task CookiesAreKeptInTheJar()
    {
        using var directory = new TemporaryDirectory();
        var jar = directory.Write(
            "jar", Encoding.UTF8.GetBytes("# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\told\t1\n#HttpOnly_elsewhere.example\tFALSE\t/\tTRUE\t4000000000\tother\t2\n"));
        Fault = request => request.Method == "HEAD" ? File.Answer(request) with { Headers = ["Accept-Ranges: bytes", "Set-Cookie: new=2; Path=/; Max-Age=1000"] } : null;
        var disk = await OpenAsync($"cookiejar={jar}");
        await ReadsRightAsync(disk, 0, 512);
        await disk.DisposeAsync();

        Assert.Equal("old=1", Server.Requests[0]["Cookie"]);
        Assert.Equal("new=2; old=1", string.Join("; ", Server.Requests[1]["Cookie"]!.Split("; ").Order()));
        var lines = await System.IO.File.ReadAllLinesAsync(jar);
        Assert.Contains("127.0.0.1\tFALSE\t/\tFALSE\t0\told\t1", lines);
        Assert.Contains("#HttpOnly_elsewhere.example\tFALSE\t/\tTRUE\t4000000000\tother\t2", lines);
        Assert.Contains(lines, line => line.EndsWith("\tnew\t2", StringComparison.Ordinal) && !line.Contains("\t0\t", StringComparison.Ordinal));

        await OpenAsync($"cookiefile={jar}");
        Assert.Equal("new=2; old=1", string.Join("; ", Server.Requests[^1]["Cookie"]!.Split("; ").Order()));
    }

    [Fact]
    public async Task CookiesAreForgottenUnlessTheyShallBeKept()
    {
        Fault = request => request.Method == "HEAD" ? File.Answer(request) with { Headers = ["Accept-Ranges: bytes", "Set-Cookie: a=b"] } : null;
        await ReadsRightAsync(await OpenAsync("cookie=mine=1"), 0, 512);
        Assert.Equal("mine=1", Server.Requests[^1]["Cookie"]);

        await ReadsRightAsync(await OpenAsync("cookie=mine=1", "cookiefile="), 0, 512);
        Assert.Equal("a=b; mine=1", string.Join("; ", Server.Requests[^1]["Cookie"]!.Split("; ").Order()));
    }

    [Fact]
    public async Task AUnixSocketLeadsToTheServer()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new WebServer(File.Answer, unixSocket: directory["socket"]);

        await ReadsRightAsync(await OpenUrlAsync("http://far.example/disk.img", $"unix-socket-path={directory["socket"]}"), 0, 512);

        Assert.Equal("far.example", server.Requests[0]["Host"]);
    }

    [Fact]
    public async Task AHostIsResolvedAsTheParameterSays()
    {
        var url = $"http://far.example:{Server.Port}/disk.img";

        await ReadsRightAsync(await OpenUrlAsync(url, $"resolve=far.example:{Server.Port}:127.0.0.1", "tcp-keepalive=true", "tcp-nodelay=false", "ipresolve=v4"), 0, 512);
        var message = await FailsAsync(() => OpenUrlAsync(url, $"resolve=*:{Server.Port}:127.0.0.1", "ipresolve=v6").AsTask());

        Assert.Equal($"far.example:{Server.Port}", Server.Requests[0]["Host"]);
        Assert.Contains("no address of the kind that ipresolve= asks for", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProxyIsAskedForTheWholeUrl()
    {
        Fault = request => request["Proxy-Authorization"] is null ? WebAnswer.Of("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"") : null;

        await ReadsRightAsync(await OpenUrlAsync("http://far.example/disk.img", $"proxy=127.0.0.1:{Server.Port}", "proxy-user=joe", "proxy-password=secret"), 0, 512);

        Assert.Equal(("http://far.example/disk.img", Basic("joe:secret")), (Server.Requests[^1].Target, Server.Requests[^1]["Proxy-Authorization"]));
    }

    private static string Basic(string text) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";
}
