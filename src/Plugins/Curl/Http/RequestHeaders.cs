using System.Net.Http.Headers;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>What every request says besides what it asks for: user, cookies and the user's own headers.</summary>
internal sealed class RequestHeaders : IDisposable
{
    private readonly CurlOptions _options;
    private readonly WebAddress _origin;
    private readonly IReadOnlyList<HeaderLine> _lines;
    private readonly RenewedScript? _headerScript;
    private readonly RenewedScript? _cookieScript;

    public RequestHeaders(CurlOptions options, WebAddress origin, TimeProvider time)
    {
        (_options, _origin) = (options, origin);
        _lines = [.. options.Headers.Select(HeaderLine.Parse)];
        _headerScript = ScriptOf("header-script", options.HeaderScript, options.HeaderScriptRenew, time);
        _cookieScript = ScriptOf("cookie-script", options.CookieScript, options.CookieScriptRenew, time);
    }

    /// <summary>Adds them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="address">Where it goes.</param>
    /// <param name="cancellationToken">Gives up waiting for scripts.</param>
    public async ValueTask AddAsync(HttpRequestMessage request, WebAddress address, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        Add(request, "User-Agent", _options.UserAgent);
        Add(request, "Authorization", Authorization(address));
        var cookie = _cookieScript is null ? _options.Cookie?.Reveal() : await FirstLineAsync(_cookieScript, cancellationToken);
        Add(request, "Cookie", cookie);
        var lines = _headerScript is null ? _lines : [.. (await _headerScript.GetAsync(cancellationToken)).Select(HeaderLine.Parse)];

        // The user's replace ours, and several of one name are all sent.
        foreach (var line in lines.Where(line => request.Headers.NonValidated.Contains(line.Name)))
        {
            request.Headers.Remove(line.Name);
        }

        foreach (var line in lines)
        {
            Add(request, line.Name, line.Value);
        }
    }

    public void Dispose()
    {
        _headerScript?.Dispose();
        _cookieScript?.Dispose();
    }

    private static async ValueTask<string?> FirstLineAsync(RenewedScript script, CancellationToken cancellationToken)
        => await script.GetAsync(cancellationToken) is [var line, ..] ? line : null;

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        // What describes a body goes with a body only, as for a write.
        if (value is not null && !request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }

    // Sent without being asked for, as libcurl does; to the server that the user named and to no other.
    private string? Authorization(WebAddress address)
    {
        var isOrigin = Uri.Compare(address.Uri, _origin.Uri, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
        var info = (address.UserInfo ?? (isOrigin ? _origin.UserInfo : null))?.Split(':', 2);
        var user = isOrigin ? _options.User ?? info?[0] : info?[0];
        var password = (isOrigin ? _options.Password?.Reveal() : null) ?? info?.ElementAtOrDefault(1) ?? "";
        return user is null ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))).ToString();
    }

    private RenewedScript? ScriptOf(string key, string? script, uint? renewal, TimeProvider time)
        => script is null ? null : new RenewedScript(key, script, TimeSpan.FromSeconds(renewal ?? 0), _options.Url, time);
}
