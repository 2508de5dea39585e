using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Server;

/// <summary>
/// Accepts on a descriptor without the framework's sockets: of AF_VSOCK, which it does not know; on one that a service manager has opened
/// and goes on using; and on a Unix socket, because the framework would start a thread that is of no use here. A socket of others is never
/// shut down, which would end it for its owner as well; so the thread waits for it and for the end of this listener together.
/// </summary>
internal sealed unsafe class DescriptorListener : IListener
{
    private const short Readable = 1;
    private const int NoBlock = 11;
    private const int PauseAfterFailure = 100;

    private readonly SafeFileHandle _socket;
    private readonly SafeFileHandle _stopped;
    private readonly SafeFileHandle _stop;
    private Thread? _thread;

    private DescriptorListener(SafeFileHandle socket)
    {
        _socket = socket;
        var address = SocketCalls.AddressOf(socket);
        Address = address.Listening;
        EndPoint = address.EndPoint is IPEndPoint tcp ? SystemAddress.ForClients(tcp)
            : Address is UnixListenAddress { Path.Length: > 0 } unix ? new UnixDomainSocketEndPoint(unix.Path)
            : null;
        SocketCalls.StopBlocking(socket);
        var ends = stackalloc int[2];
        if (HostCalls.Pipe(ends) < 0)
        {
            throw new StartupException($"no pipe for the listener: {SocketCalls.LastError()}");
        }

        (_stopped, _stop) = (Owned(ends[0]), Owned(ends[1]));
    }

    public ListenAddress Address { get; }

    public EndPoint? EndPoint { get; }

    /// <summary>Binds a socket of AF_VSOCK.</summary>
    /// <exception cref="StartupException">It cannot be bound.</exception>
    public static DescriptorListener Bind(VsockListenAddress address)
        => OperatingSystem.IsLinux()
            ? new DescriptorListener(SocketCalls.ListenOnVsock(address.Port))
            : throw new StartupException("--vsock: only Linux has vsock sockets");

    /// <summary>Binds a Unix socket, on Linux.</summary>
    /// <exception cref="StartupException">It cannot be bound.</exception>
    public static DescriptorListener Bind(UnixListenAddress address) => new(SocketCalls.ListenOnUnix(address.Path));

    /// <summary>Takes over a socket that listens already.</summary>
    public static DescriptorListener Adopt(ActivatedListenAddress address) => new(new SafeFileHandle(address.Descriptor, ownsHandle: true));

    public void Start(TransportFactory transports, Action<Transport> accepted, ILogger logger)
    {
        _thread = new Thread(() => Accept(transports, accepted, logger), maxStackSize: 256 * 1024) { IsBackground = true, Name = "nbd accept" };
        _thread.Start();
    }

    public void Dispose()
    {
        byte signal = 1;
        _ = HostCalls.Write((int)_stop.DangerousGetHandle(), &signal, 1);
        _thread?.Join();
        _socket.Dispose();
        _stop.Dispose();
        _stopped.Dispose();
    }

    private static SafeFileHandle Owned(int descriptor)
    {
        _ = HostCalls.ControlDescriptor(descriptor, HostCalls.SetDescriptorFlags, HostCalls.CloseOnExec);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private void Accept(TransportFactory transports, Action<Transport> accepted, ILogger logger)
    {
        var wait = stackalloc PollDescriptor[2];
        wait[0] = new PollDescriptor { Descriptor = (int)_stopped.DangerousGetHandle(), Events = Readable };
        wait[1] = new PollDescriptor { Descriptor = (int)_socket.DangerousGetHandle(), Events = Readable };
        while (true)
        {
            _ = HostCalls.Poll(wait, 2, -1);
            if (wait[0].ReturnedEvents != 0)
            {
                return;
            }

            if (SocketCalls.Accept(_socket, out var peer) is { } socket)
            {
                accepted(transports.Create(socket, peer));
                continue;
            }

            if (Marshal.GetLastPInvokeError() is not (NoBlock or HostCalls.Interrupted))
            {
                // Too many descriptors, for example: others must close some first.
                logger.AcceptFailed(Address, SocketCalls.LastError());
                _ = HostCalls.Poll(wait, 1, PauseAfterFailure);
            }
        }
    }
}
