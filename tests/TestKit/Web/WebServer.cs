using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SharpNbd.TestKit;

/// <summary>
/// A web server of HTTP/1.1 on 127.0.0.1 or a Unix socket that sends exactly what a test wants, also what no decent server would.
/// </summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly Func<WebRequest, WebAnswer> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Socket _listener;
    private readonly ConcurrentQueue<WebRequest> _requests = new();
    private readonly ConcurrentDictionary<Socket, bool> _connections = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    /// <summary>Starts it.</summary>
    /// <param name="answer">Finds the answer to a request; called by several connections at once.</param>
    /// <param name="certificate">For https, the server's certificate with its key.</param>
    /// <param name="unixSocket">The path to listen on instead of a TCP port.</param>
    public WebServer(Func<WebRequest, WebAnswer> answer, X509Certificate2? certificate = null, string? unixSocket = null)
    {
        (_answer, _certificate) = (answer, certificate);
        EndPoint address = unixSocket is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(unixSocket);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(address);
        _listener.Listen();
        Port = (_listener.LocalEndPoint as IPEndPoint)?.Port ?? 80;
        _accepting = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>The requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<WebRequest> Requests => [.. _requests];

    /// <summary>The URL of something on it.</summary>
    public string Url(string path = "/disk.img") => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}{path}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }

        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        for (var number = 0; ; number++)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(serving);
                return;
            }

            _connections[socket] = true;
            serving.Add(ServeAsync(socket, number));
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        try
        {
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }

            await using (stream)
            {
                var reader = new WebRequestReader(stream, number);
                while (await reader.ReadAsync() is { } request && await AnswerAsync(stream, request))
                {
                    // Until the client or the answer ends the connection.
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or AuthenticationException or OperationCanceledException)
        {
            // The client is gone, or does not trust this server.
        }
        finally
        {
            _connections.TryRemove(socket, out _);
        }
    }

    private async Task<bool> AnswerAsync(Stream stream, WebRequest request)
    {
        _requests.Enqueue(request);
        var answer = _answer(request);
        await answer.Gate.WaitAsync(_closing.Token);
        var head = new StringBuilder($"HTTP/1.1 {answer.Status}\r\n");
        foreach (var header in answer.Headers)
        {
            head.Append(header).Append("\r\n");
        }

        head.Append(answer.IsChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {answer.Length ?? answer.Body.Length}").Append("\r\n\r\n");
        // In one piece, or the second would wait for the first one's acknowledgement.
        byte[] body = request.Method == "HEAD" ? [] : answer.IsChunked ? Chunked(answer.Body) : answer.Body;
        await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.ToString()), .. body]);

        return !answer.Closes;
    }

    private static byte[] Chunked(byte[] body)
        => body.Length == 0 ? "0\r\n\r\n"u8.ToArray() : [.. Encoding.Latin1.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
}
