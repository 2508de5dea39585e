using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SharpNbd.Viewer;

/// <summary>The web server: the page, its WebSocket and the error switches.</summary>
internal sealed class ViewerServer(IReadOnlyList<Disk> disks)
{
    private const int MostPages = 32;
    private const int LongestBody = 64;

    // Nothing from elsewhere is ever loaded, and no other page may show this one.
    private const string ContentPolicy
        = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly SameOrigin _origin = new();
    private int _pages;

    /// <summary>Serves until the program is told to stop.</summary>
    /// <param name="address">Where to listen.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="started">Is given the page's address.</param>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public async Task RunAsync(IPAddress address, int port, Action<string> started)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.Listen(address, port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));

        await using var application = builder.Build();
        var files = new PageFiles();
        application.UseWebSockets();
        application.Run(context => AnswerAsync(context, files, application.Lifetime.ApplicationStopping));

        await application.StartAsync();
        foreach (var disk in disks)
        {
            new LogFollower(disk.Log, application.Lifetime.ApplicationStopping).Start();
        }

        started(AddressOf(application, address));
        await application.WaitForShutdownAsync();
    }

    // Where it listens everywhere, the page is reached by the machine's name.
    private static string AddressOf(WebApplication application, IPAddress address)
    {
        var bound = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var isEverywhere = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        return isEverywhere ? $"http://{Dns.GetHostName()}:{bound.Port}/" : bound.ToString();
    }

    private async Task AnswerAsync(HttpContext context, PageFiles files, CancellationToken stopping)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        if (!SameOrigin.IsOurHost(request) || !SameOrigin.IsOurPage(request))
        {
            await RefuseAsync(response, StatusCodes.Status403Forbidden, "This page is only for its own address.");
        }
        else if (request.Path == "/live" && context.WebSockets.IsWebSocketRequest)
        {
            await ShowAsync(context, stopping);
        }
        else if (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments("/error", out var number))
        {
            await SwitchAsync(context, number.Value!);
        }
        else if (!HttpMethods.IsGet(request.Method) || !await files.TrySendAsync(request.Path, response))
        {
            await RefuseAsync(response, StatusCodes.Status404NotFound, "There is no such page.");
        }
    }

    private async Task ShowAsync(HttpContext context, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref _pages) > MostPages)
        {
            Interlocked.Decrement(ref _pages);
            await RefuseAsync(context.Response, StatusCodes.Status503ServiceUnavailable, $"{MostPages} pages are open, which is the most.");
            return;
        }

        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await new PageSession(socket, disks, _origin.Token, TimeProvider.System).RunAsync(stopping);
        }
        finally
        {
            Interlocked.Decrement(ref _pages);
        }
    }

    // The disk's number is all that the page can say: which file that is stands on the command line.
    private async Task SwitchAsync(HttpContext context, string number)
    {
        var (request, response) = (context.Request, context.Response);
        if (!_origin.HasToken(request))
        {
            await RefuseAsync(response, StatusCodes.Status403Forbidden, "Only the viewer's own page may do that; load it again.");
            return;
        }

        var isNumber = int.TryParse(number.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var disk);
        if (!isNumber || disk < 1 || disk > disks.Count || disks[disk - 1].Switch is not { } errorSwitch)
        {
            await RefuseAsync(response, StatusCodes.Status404NotFound, "This disk has no error file on the command line.");
            return;
        }

        using var reader = new StreamReader(request.Body);
        var wanted = await reader.ReadToEndAsync(context.RequestAborted);
        if (wanted is not ("on" or "off"))
        {
            await RefuseAsync(response, StatusCodes.Status400BadRequest, "An error is switched 'on' or 'off'.");
        }
        else if (errorSwitch.Set(wanted == "on") is { } problem)
        {
            await RefuseAsync(response, StatusCodes.Status500InternalServerError, problem);
        }
        else
        {
            response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private static Task RefuseAsync(HttpResponse response, int status, string sentence)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(sentence);
    }
}
