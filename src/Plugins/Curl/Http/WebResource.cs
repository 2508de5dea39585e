using System.Net;
using System.Net.Http.Headers;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// One version of something on a web server: its size and what identifies it, as they were when a client opened it. Reads that the
/// server answers with anything else fail.
/// </summary>
internal sealed class WebResource
{
    private readonly WebClient _client;
    private readonly WebAddress _origin;
    private readonly WriteHistory _writes;
    private readonly long _writesAtOpening;

    // Where redirects led to; later requests go there at once.
    private WebAddress _address;

    internal WebResource(WebClient client, WebAddress origin, WebAddress address, WriteHistory writes, long writesAtOpening, ResourceFacts facts)
    {
        (_client, _origin, _address, _writes, _writesAtOpening, Facts) = (client, origin, address, writes, writesAtOpening, facts);
    }

    /// <summary>What the server said when it was opened.</summary>
    public ResourceFacts Facts { get; }

    /// <summary>Reads a range.</summary>
    /// <param name="offset">Its first byte.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="arrival">Is told of the bytes as they come.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NbdException">The server did not send exactly these bytes of this version.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, IArrival arrival, CancellationToken cancellationToken)
    {
        var range = new RangeHeaderValue(offset, offset + buffer.Length - 1);
        var what = $"GET {_origin.ForDisplay} {range}".Replace("bytes=", "bytes ", StringComparison.Ordinal);
        var writes = _writes.Count;
        try
        {
            await _client.TryAsync(what, token => ReadAsync(what, range, buffer, arrival, token), cancellationToken);
        }
        catch (NbdException) when (_writes.Count != writes)
        {
            // A write of ours made the version that the server has now.
            await _client.TryAsync(what, token => ReadAsync(what, range, buffer, arrival, token), cancellationToken);
        }
    }

    /// <summary>Writes a range (RFC 9110, section 14.5, "Partial PUT").</summary>
    /// <param name="offset">Its first byte.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NbdException">The server did not accept them.</exception>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // A copy: a server may answer before it has taken all, and the memory is the caller's again then.
        var body = data.ToArray();
        var range = new ContentRangeHeaderValue(offset, offset + body.Length - 1, Facts.Size);
        var what = $"PUT {_origin.ForDisplay} bytes {range.From}-{range.To}";
        _writes.Mark();
        try
        {
            await _client.TryAsync(what, token => WriteAsync(what, range, body, token), cancellationToken);
        }
        finally
        {
            _writes.Mark();
        }
    }

    private async ValueTask<bool> WriteAsync(string what, ContentRangeHeaderValue range, byte[] body, CancellationToken cancellationToken)
    {
        var (response, _) = await _client.SendAsync(
            _origin, () => new HttpRequestMessage(HttpMethod.Put, "") { Content = new ByteArrayContent(body) { Headers = { ContentRange = range } } }, cancellationToken);
        using (response)
        {
            return response.IsSuccessStatusCode ? true : throw Unexpected(what, response);
        }
    }

    private async ValueTask<bool> ReadAsync(
        string what, RangeHeaderValue range, Memory<byte> buffer, IArrival arrival, CancellationToken cancellationToken)
    {
        // Once something was written here, the validators of the opening are of an older version.
        var validator = _writes.Count == _writesAtOpening ? Facts.Validator : null;
        using var response = await AskAsync(range, validator, cancellationToken);
        CheckAnswer(what, range, validator, response);
        var isLengthKnown = response.Content.Headers.ContentLength is not null;
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var filled = 0;
        while (filled < buffer.Length)
        {
            var count = await body.ReadAsync(buffer[filled..], cancellationToken);
            if (count == 0)
            {
                throw new NbdException(NbdError.EIO, $"{what}: the answer ends after {filled} of {buffer.Length} bytes");
            }

            filled += count;

            // Where the answer does not tell its length, it may yet turn out to be too long, and then not what was asked for.
            if (isLengthKnown)
            {
                arrival.Arrived(filled);
            }
        }

        if (!isLengthKnown && await body.ReadAsync(new byte[1], cancellationToken) != 0)
        {
            throw new NbdException(NbdError.EIO, $"{what}: the answer is longer than the range");
        }

        arrival.Arrived(filled);
        return true;
    }

    private async ValueTask<HttpResponseMessage> AskAsync(RangeHeaderValue range, Validator? validator, CancellationToken cancellationToken)
    {
        var address = Volatile.Read(ref _address);
        if (address != _origin)
        {
            // An address that redirects led to may be good for some time only, as where it is signed; the first one leads to a new one.
            try
            {
                var (answer, _) = await _client.SendAsync(address, Compose, cancellationToken);
                if (answer.StatusCode < HttpStatusCode.BadRequest)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (HttpRequestException)
            {
                // Asked again below.
            }
        }

        var (response, found) = await _client.SendAsync(_origin, Compose, cancellationToken);
        Volatile.Write(ref _address, found);
        return response;

        HttpRequestMessage Compose()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { Range = range } };
            if (validator?.IfRange is { } condition)
            {
                request.Headers.TryAddWithoutValidation("If-Range", condition);
            }

            return request;
        }
    }

    private void CheckAnswer(string what, RangeHeaderValue range, Validator? validator, HttpResponseMessage response)
    {
        var wanted = range.Ranges.Single();
        var isAll = response.StatusCode == HttpStatusCode.OK;
        if (!isAll && response.StatusCode != HttpStatusCode.PartialContent)
        {
            throw Unexpected(what, response);
        }

        var length = response.Content.Headers.ContentLength;
        var sent = isAll ? new ContentRangeHeaderValue(0, Math.Max(0, (length ?? Facts.Size) - 1), length ?? Facts.Size) : response.Content.Headers.ContentRange;
        var change = validator?.Difference(Validator.Of(response));
        if (change is null && sent?.Length is { } size && size != Facts.Size)
        {
            change = $"its size was {Facts.Size} and is {size}";
        }

        if (change is not null)
        {
            throw new NbdException(NbdError.EIO, $"{what}: the content has changed: {change}");
        }

        if (isAll && (wanted.From != 0 || wanted.To != Facts.Size - 1 || length is null))
        {
            throw new NbdException(NbdError.EIO, $"{what}: the server ignored the range{(validator?.IfRange is null ? "" : ", or the content has changed")}");
        }

        if (sent is not { Unit: "bytes" } || sent.From != wanted.From || sent.To != wanted.To)
        {
            throw new NbdException(NbdError.EIO, $"{what}: the server sent {(sent is null ? "no Content-Range" : $"{sent}")}");
        }

        if (length is not null && length != wanted.To - wanted.From + 1)
        {
            throw new NbdException(NbdError.EIO, $"{what}: the server's Content-Length is {length}");
        }
    }

    private static NbdException Unexpected(string what, HttpResponseMessage response)
        => new(NbdError.EIO, $"{what}: the server answered {ResourceProbe.Describe(response)}");
}
