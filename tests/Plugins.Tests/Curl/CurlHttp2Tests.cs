using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins.Tests;

public sealed class CurlHttp2Tests : CurlTest
{
    [Theory]
    [InlineData("2-prior-knowledge", HttpProtocols.Http2, "HTTP/2")]
    [InlineData("1.1", HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData("1.0", HttpProtocols.Http1, "HTTP/1.0")]
    [InlineData("none", HttpProtocols.Http1, "HTTP/1.1")]
    public async Task TheVersionIsSpokenThatWasAskedFor(string version, HttpProtocols offered, string spoken)
    {
        var (url, versions) = await StartAsync(offered);
        var disk = await OpenUrlAsync(url, $"http-version={version}");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => ReadsRightAsync(disk, (16 - i) * 60_000, 50_000)));

        Assert.Equal([spoken], versions.Distinct());
    }

    private async Task<(string Url, IEnumerable<string> Versions)> StartAsync(HttpProtocols offered)
    {
        var versions = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = offered));
        var application = Owns(builder.Build());
        application.Run(context =>
        {
            versions.Enqueue(context.Request.Protocol);
            return Results.Bytes(Content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
        });
        await application.StartAsync();
        return ($"{application.Urls.Single()}/disk.img", versions);
    }
}
