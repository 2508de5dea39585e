using System.Net;
using System.Net.Sockets;

namespace SharpNbd.Plugins;

/// <summary>Connects to servers and proxies as the parameters say.</summary>
internal sealed class HttpDialer(CurlOptions options)
{
    private readonly HostMapping[] _mappings = [.. options.Resolve.Select(HostMapping.Parse)];

    /// <summary>Makes a connection.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (options.UnixSocketPath is { } path)
        {
            return await ConnectAsync(
                new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path.Value), cancellationToken);
        }

        Exception? failure = null;
        foreach (var address in await ResolveAsync(context.DnsEndPoint, cancellationToken))
        {
            try
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = options.TcpNoDelay };
                if (options.TcpKeepAlive)
                {
                    // The times are those of libcurl.
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                    socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
                    socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 60);
                }

                return await ConnectAsync(socket, new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        throw failure ?? new IOException($"the host {context.DnsEndPoint.Host} has no address of the kind that ipresolve= asks for");
    }

    private async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var family = options.IpResolve switch
        {
            IpFamily.V4 => AddressFamily.InterNetwork,
            IpFamily.V6 => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        var addresses = _mappings.FirstOrDefault(mapping => mapping.Answers(target)) is { } mapping
            ? mapping.Addresses
            : await Dns.GetHostAddressesAsync(target.Host, family, cancellationToken);
        return [.. addresses.Where(address => family == AddressFamily.Unspecified || address.AddressFamily == family)];
    }

    private static async ValueTask<Stream> ConnectAsync(Socket socket, EndPoint target, CancellationToken cancellationToken)
    {
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
