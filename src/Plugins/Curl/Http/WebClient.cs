using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Sends requests, follows redirects and says in one line why something failed.</summary>
/// <param name="options">The parameters.</param>
/// <param name="handler">What sends, owned by the client.</param>
/// <param name="headers">What every request says besides, owned by the client.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class WebClient(CurlOptions options, HttpMessageHandler handler, RequestHeaders headers, TimeProvider time) : IDisposable
{
    /// <summary>As curl.</summary>
    private const int MostRedirects = 30;

    private readonly HttpMessageInvoker _invoker = new(handler);
    private readonly HttpVersionChoice _version = HttpVersionChoice.Parse(options.HttpVersion);

    /// <summary>Does something within the time that <c>timeout=</c> allows, and turns what the network throws into a sentence.</summary>
    /// <param name="what">What is done, for the sentence.</param>
    /// <param name="work">Does it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NbdException">It failed.</exception>
    public async ValueTask<T> TryAsync<T>(string what, Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        using var limit = options.Timeout > 0 ? new CancellationTokenSource(TimeSpan.FromSeconds(options.Timeout), time) : null;
        using var either = limit is null ? null : CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await work(either?.Token ?? cancellationToken);
        }
        catch (Exception e) when (limit is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested && e is not NbdException)
        {
            throw new NbdException(NbdError.EIO, $"{what}: not done within {options.Timeout} s (timeout={options.Timeout})", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or AuthenticationException or InvalidOperationException
            or ParameterException or NotSupportedException)
        {
            throw new NbdException(NbdError.EIO, $"{what}: {Reason(e)}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The connect timeout ends so.
            throw new NbdException(NbdError.EIO, $"{what}: {Reason(e.InnerException ?? e)}", e);
        }
    }

    /// <summary>Sends a request and follows redirects.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="compose">Makes the request; called again for each redirect.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The response, whose body is not read yet, and where it came from.</returns>
    public async ValueTask<(HttpResponseMessage Response, WebAddress Address)> SendAsync(
        WebAddress address, Func<HttpRequestMessage> compose, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var request = compose();
            request.RequestUri = address.Uri;
            request.Version = _version.Version;
            request.VersionPolicy = _version.Policy;
            await headers.AddAsync(request, address, cancellationToken);
            var response = await _invoker.SendAsync(request, cancellationToken);
            if (!options.FollowLocation || !IsRedirect(response, request.Method) || response.Headers.Location is not { } location)
            {
                return (response, address);
            }

            response.Dispose();
            if (redirects == MostRedirects)
            {
                throw new NbdException(NbdError.EIO, $"{address.ForDisplay}: more than {MostRedirects} redirects");
            }

            address = address.Redirected(location);
        }
    }

    public void Dispose()
    {
        _invoker.Dispose();
        headers.Dispose();
    }

    // 303 asks for a GET of something else, which would not be a write.
    private static bool IsRedirect(HttpResponseMessage response, HttpMethod method) => response.StatusCode switch
    {
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => true,
        HttpStatusCode.SeeOther => method != HttpMethod.Put,
        _ => false,
    };

    // The outer message of a failed TLS handshake says only that there is an inner one.
    private static string Reason(Exception e)
    {
        var cause = e is HttpRequestException { InnerException: AuthenticationException inner } ? inner
            : e is HttpRequestException { InnerException: HttpIOException io } ? io
            : e;
        return cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
    }
}
