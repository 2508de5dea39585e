using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SharpNbd.Server;

/// <summary>Listens on TCP, and on a Unix socket where that is not left to <see cref="DescriptorListener"/>.</summary>
internal sealed class Listener : IListener
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly ManualResetEventSlim _stopped = new();

    private Listener(Socket socket, ListenAddress address)
    {
        _socket = socket;
        Address = address;
    }

    public ListenAddress Address { get; }

    public EndPoint? EndPoint => Address is UnixListenAddress unix
        ? new UnixDomainSocketEndPoint(unix.Path)
        : SystemAddress.ForClients((IPEndPoint)_socket.LocalEndPoint!);

    /// <summary>Binds every socket that an address stands for; clients can connect from here on.</summary>
    /// <exception cref="StartupException">It cannot be bound.</exception>
    public static IReadOnlyList<IListener> Bind(ListenAddress address) => address switch
    {
        UnixListenAddress unix => [BindUnix(unix)],
        TcpListenAddress tcp => BindTcp(tcp),
        VsockListenAddress vsock => [DescriptorListener.Bind(vsock)],
        ActivatedListenAddress activated => [DescriptorListener.Adopt(activated)],
        _ => throw new ArgumentException($"no way to listen on {address}", nameof(address)),
    };

    public void Start(TransportFactory transports, Action<Transport> accepted, ILogger logger)
    {
        var thread = new Thread(() => Accept(transports, accepted, logger), maxStackSize: 256 * 1024) { IsBackground = true, Name = "nbd accept" };
        thread.Start();
    }

    public void Dispose()
    {
        _stopped.Set();
        _socket.Dispose();
    }

    private static IListener BindUnix(UnixListenAddress address)
    {
        if (!UnixSocketEndPoint.IsValid(address.Path))
        {
            throw new StartupException($"{address.Path}: the path of a Unix socket has at most 107 bytes");
        }

        return OperatingSystem.IsLinux() ? DescriptorListener.Bind(address)
            : Bind(new UnixSocketEndPoint(address.Path), ProtocolType.Unspecified, address.Path, _ => address);
    }

    private static List<Listener> BindTcp(TcpListenAddress address)
    {
        var listeners = new List<Listener>();
        try
        {
            var port = address.Port;
            foreach (var ip in Resolve(address))
            {
                var text = $"{new IPEndPoint(ip, port)}";
                var bound = Bind(
                    new IPEndPoint(ip, port), ProtocolType.Tcp, text, socket => address with { Port = ((IPEndPoint)socket.LocalEndPoint!).Port });
                listeners.Add(bound);

                // A free port, once found, is the same on every address.
                port = ((TcpListenAddress)bound.Address).Port;
            }

            return listeners;
        }
        catch
        {
            listeners.ForEach(listener => listener.Dispose());
            throw;
        }
    }

    private static IEnumerable<IPAddress> Resolve(TcpListenAddress address)
    {
        if (address.Host is null)
        {
            return new[] { IPAddress.Any, IPAddress.IPv6Any }.Where(ip => IsWanted(ip, address.Family)
                && (ip.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6));
        }

        try
        {
            var found = Dns.GetHostAddresses(address.Host).Where(ip => IsWanted(ip, address.Family)).Distinct().ToArray();
            return found.Length > 0 ? found : throw new StartupException($"cannot listen on {address.Host}: no address of the wanted family");
        }
        catch (SocketException e)
        {
            throw new StartupException($"cannot listen on {address.Host}: {e.Message}");
        }
    }

    private static bool IsWanted(IPAddress ip, AddressFamily family)
        => family == AddressFamily.Unspecified || ip.AddressFamily == family;

    private static Listener Bind(EndPoint endPoint, ProtocolType protocol, string text, Func<Socket, ListenAddress> addressOf)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                // IPv4 has a socket of its own.
                socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only, true);
            }

            socket.Bind(endPoint);
            socket.Listen(int.MaxValue);
            return new Listener(socket, addressOf(socket));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new StartupException($"cannot listen on {text}: {e.Message}");
        }
    }

    private void Accept(TransportFactory transports, Action<Transport> accepted, ILogger logger)
    {
        while (!_stopped.IsSet)
        {
            try
            {
                accepted(transports.Create(_socket.Accept()));
            }
            catch (Exception e) when (_stopped.IsSet && e is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Too many descriptors, for example: others must close some first.
                logger.AcceptFailed(Address, e.Message);
                _stopped.Wait(PauseAfterFailure);
            }
        }
    }
}
