using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Client;

/// <summary>Connects to an address, on the calling thread, and can be told to stop from another one.</summary>
internal sealed class Connector : IDisposable
{
    private readonly Lock _gate = new();
    private IDisposable? _connecting;
    private ClientWire? _wire;
    private bool _isAborted;

    /// <summary>Connects. Once.</summary>
    /// <exception cref="NbdConnectionException">The server cannot be reached.</exception>
    public ClientWire Connect(EndPoint address)
    {
        try
        {
            return Keep(address is VsockEndPoint vsock ? ConnectVsock(vsock) : ConnectSocket(address));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or ArgumentException)
        {
            // The framework calls a missing socket an address that is not available.
            var reason = _isAborted ? "connecting was given up"
                : address is UnixDomainSocketEndPoint && e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } ? "there is no such socket"
                : e is SocketException socket ? Marshal.GetPInvokeErrorMessage(socket.NativeErrorCode)
                : e.Message;
            throw new NbdConnectionException($"cannot connect to {Text(address)}: {reason}", e);
        }
    }

    /// <summary>Takes a connection that is there already.</summary>
    public ClientWire Keep(ClientWire wire)
    {
        lock (_gate)
        {
            _connecting = null;
            _wire = wire;
            if (_isAborted)
            {
                wire.Abort();
            }
        }

        return wire;
    }

    /// <summary>Ends connecting, or the connection. From any thread.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _isAborted = true;
            _connecting?.Dispose();
            _wire?.Abort();
        }
    }

    /// <summary>Nothing is to be told to stop any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _connecting = null;
            _wire = null;
        }
    }

    /// <summary>A socket that somebody has connected.</summary>
    /// <exception cref="NbdConnectionException">It is none.</exception>
    public static ClientWire WireOf(SafeSocketHandle handle)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                return new SocketWire(new Socket(handle) { Blocking = true });
            }

            var descriptor = (int)handle.DangerousGetHandle();
            if (!SocketCalls.IsStreamSocket(descriptor))
            {
                throw new IOException("it is not a connected socket for streams");
            }

            SocketCalls.MakeBlocking(descriptor);
            return new DescriptorWire(handle, handle);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new NbdConnectionException($"the descriptor {handle.DangerousGetHandle()} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The address for a message.</summary>
    public static string Text(EndPoint address) => address switch
    {
        UnixDomainSocketEndPoint unix => $"{unix}",
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => $"{address}",
    };

    private ClientWire ConnectSocket(EndPoint address)
    {
        if (address is UnixDomainSocketEndPoint)
        {
            return WireOf(ConnectOne(address, new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)));
        }

        if (address is not DnsEndPoint name)
        {
            return WireOf(ConnectOne(address, new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)));
        }

        // A name has several addresses, of which some may not lead anywhere.
        Exception? failure = null;
        foreach (var candidate in Dns.GetHostAddresses(name.Host, name.AddressFamily))
        {
            try
            {
                var one = new IPEndPoint(candidate, name.Port);
                return WireOf(ConnectOne(one, new Socket(one.AddressFamily, SocketType.Stream, ProtocolType.Tcp)));
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        throw failure ?? new IOException("the name has no address");
    }

    private Socket ConnectOne(EndPoint address, Socket socket)
    {
        try
        {
            Begin(socket);
            socket.Connect(address);
            if (address is IPEndPoint)
            {
                socket.NoDelay = true;
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Begin(IDisposable connecting)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isAborted, this);
            _connecting = connecting;
        }
    }

    private static ClientWire WireOf(Socket socket)
        => OperatingSystem.IsLinux() ? new DescriptorWire(socket.SafeHandle, socket) : new SocketWire(socket);

    private static unsafe DescriptorWire ConnectVsock(VsockEndPoint address)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new IOException("vsock is there on Linux only");
        }

        // struct sockaddr_vm: family, reserved, port, machine, and zeroes.
        var wire = stackalloc byte[16];
        var bytes = new Span<byte>(wire, 16);
        bytes.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, VsockEndPoint.Family);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], address.Port);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], address.ContextId);
        var descriptor = SocketCalls.OpenSocket(VsockEndPoint.Family, SocketCalls.Stream | SocketCalls.CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw LastError();
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (SocketCalls.Connect(descriptor, wire, 16) < 0)
        {
            var failure = LastError();
            handle.Dispose();
            throw failure;
        }

        return new DescriptorWire(handle, handle);
    }

    private static IOException LastError() => new(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
}
