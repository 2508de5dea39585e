using System.Net;
using System.Net.Http.Headers;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Finds out the size of a resource and that it can be read by ranges: by HEAD, and where that fails or leaves it open, as with signed
/// URLs that are good for GET only, by reading the first byte.
/// </summary>
/// <param name="client">Sends the requests.</param>
/// <param name="origin">The resource.</param>
internal sealed class ResourceProbe(WebClient client, WebAddress origin)
{
    /// <summary>Opens the resource.</summary>
    /// <param name="writes">The writes of all clients.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NbdException">It is not there or cannot be read by ranges.</exception>
    public async ValueTask<WebResource> OpenAsync(WriteHistory writes, CancellationToken cancellationToken)
    {
        var writesAtOpening = writes.Count;
        var (facts, address) = await client.TryAsync($"HEAD {origin.ForDisplay}", HeadAsync, cancellationToken);
        if (facts is null)
        {
            (facts, address) = await client.TryAsync($"GET {origin.ForDisplay}", FirstByteAsync, cancellationToken);
        }

        return new WebResource(client, origin, address, writes, writesAtOpening, facts!);
    }

    /// <summary>A status as it is told to humans.</summary>
    public static string Describe(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();

    private async ValueTask<(ResourceFacts? Facts, WebAddress Address)> HeadAsync(CancellationToken cancellationToken)
    {
        var (response, address) = await client.SendAsync(origin, () => new HttpRequestMessage(HttpMethod.Head, ""), cancellationToken);
        using (response)
        {
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone || IsUnfollowedRedirect(response))
            {
                throw Unexpected("HEAD", response);
            }

            var ranges = response.Headers.AcceptRanges;
            if (response.IsSuccessStatusCode && ranges.Contains("none"))
            {
                throw WithoutRanges();
            }

            // A server that does not say whether it serves ranges is asked for one.
            return response is { StatusCode: HttpStatusCode.OK, Content.Headers.ContentLength: { } size } && ranges.Contains("bytes")
                ? (new ResourceFacts(size, Validator.Of(response)), address)
                : (null, origin);
        }
    }

    private async ValueTask<(ResourceFacts? Facts, WebAddress Address)> FirstByteAsync(CancellationToken cancellationToken)
    {
        var (response, address) = await client.SendAsync(
            origin, () => new HttpRequestMessage(HttpMethod.Get, "") { Headers = { Range = new RangeHeaderValue(0, 0) } }, cancellationToken);
        using (response)
        {
            // Of nothing there is no first byte, and then this answer tells the length.
            var isEmpty = response is { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable, Content.Headers.ContentRange.Length: 0 }
                or { StatusCode: HttpStatusCode.OK, Content.Headers.ContentLength: 0 };
            if (!isEmpty && response.StatusCode == HttpStatusCode.OK)
            {
                throw WithoutRanges();
            }

            if (!isEmpty && response.StatusCode != HttpStatusCode.PartialContent)
            {
                throw Unexpected("GET", response);
            }

            var size = isEmpty ? 0 : response.Content.Headers.ContentRange?.Length
                ?? throw new NbdException(NbdError.EIO, $"{origin.ForDisplay}: the server does not tell the size");
            return (new ResourceFacts(size, Validator.Of(response)), address);
        }
    }

    private static bool IsUnfollowedRedirect(HttpResponseMessage response) => (int)response.StatusCode is >= 300 and < 400;

    private NbdException Unexpected(string method, HttpResponseMessage response)
        => new(NbdError.EIO, $"{method} {origin.ForDisplay}: the server answered {Describe(response)}"
            + (IsUnfollowedRedirect(response) ? ", which is not followed with followlocation=false" : ""));

    private NbdException WithoutRanges()
        => new(NbdError.EIO, $"{origin.ForDisplay}: the server does not serve byte ranges, without which a disk cannot be read here and there");
}
