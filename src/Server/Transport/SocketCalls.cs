using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Server;

/// <summary>
/// The system calls on sockets that the framework does not make: it refuses families that it does not know, such as AF_VSOCK, and
/// descriptors of sockets in them, and starts a thread for the first socket that it makes. The numbers are those of Linux.
/// </summary>
internal static unsafe partial class SocketCalls
{
    /// <summary>SOMAXCONN of any kernel; it takes its own limit where that is lower.</summary>
    private const int Backlog = 4096;

    private const int Stream = 1;
    private const int SocketType = 3;
    private const int SendTimeout = 21;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int GetStatusFlags = 3;
    private const int SetStatusFlags = 4;
    private const int SocketLevel = 1;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int KeepAlive = 9;
    private const int AcceptsConnections = 30;
    private const uint AnyMachine = uint.MaxValue;

    /// <summary>A socket of AF_VSOCK that listens for any machine.</summary>
    /// <exception cref="StartupException">The kernel has none, or the port is taken.</exception>
    public static SafeFileHandle ListenOnVsock(uint port)
    {
        var descriptor = socket(SystemAddress.Vsock, Stream | CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw new StartupException($"--vsock: this kernel has no vsock sockets ({LastError()}); it needs the module vsock or vhost_vsock");
        }

        // struct sockaddr_vm: family, a reserved half word, port, context id, and four bytes of flags and padding.
        var address = stackalloc uint[4] { 0, port, AnyMachine, 0 };
        *(ushort*)address = SystemAddress.Vsock;
        return Listen(descriptor, address, 4 * sizeof(uint), $"vsock port {port}");
    }

    /// <summary>A Unix socket that listens.</summary>
    /// <param name="path">Where; <see cref="UnixSocketEndPoint.IsValid"/>.</param>
    /// <exception cref="StartupException">It cannot be bound.</exception>
    public static SafeFileHandle ListenOnUnix(string path)
    {
        var descriptor = socket(SystemAddress.Unix, Stream | CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw new StartupException($"cannot listen on {path}: {LastError()}");
        }

        // struct sockaddr_un: the family and the path with a NUL behind it.
        var address = stackalloc byte[SystemAddress.LongestSize];
        *(ushort*)address = SystemAddress.Unix;
        var length = Encoding.UTF8.GetBytes(path, new Span<byte>(address + sizeof(ushort), SystemAddress.LongestSize - sizeof(ushort)));
        address[sizeof(ushort) + length] = 0;
        return Listen(descriptor, address, (uint)(sizeof(ushort) + length + 1), path);
    }

    /// <summary>Where a socket is bound.</summary>
    public static SystemAddress AddressOf(SafeFileHandle descriptor)
    {
        var address = stackalloc byte[SystemAddress.LongestSize];
        uint length = SystemAddress.LongestSize;
        return getsockname(Number(descriptor), address, &length) < 0
            ? SystemAddress.Parse(default)
            : SystemAddress.Parse(new ReadOnlySpan<byte>(address, (int)length));
    }

    /// <summary>Whether a descriptor is a socket that listens.</summary>
    public static bool IsListening(int descriptor)
    {
        int yes;
        uint length = sizeof(int);
        return getsockopt(descriptor, SocketLevel, AcceptsConnections, &yes, &length) == 0 && yes != 0;
    }

    /// <summary>Whether a descriptor is a socket.</summary>
    public static bool IsSocket(int descriptor)
    {
        int type;
        uint length = sizeof(int);
        return getsockopt(descriptor, SocketLevel, SocketType, &type, &length) == 0 && type == Stream;
    }

    /// <summary>Accepting never blocks from now on; neither sockets that are accepted nor their users are concerned.</summary>
    public static void StopBlocking(SafeFileHandle descriptor)
        => _ = HostCalls.ControlDescriptor(
            Number(descriptor), SetStatusFlags, HostCalls.ControlDescriptor(Number(descriptor), GetStatusFlags, 0) | NonBlocking);

    /// <summary>Accepts a connection as a blocking socket; null where there is none, and then the last error says why.</summary>
    public static SafeFileHandle? Accept(SafeFileHandle descriptor, out SystemAddress peer)
    {
        var address = stackalloc byte[SystemAddress.LongestSize];
        uint length = SystemAddress.LongestSize;
        var accepted = accept4(Number(descriptor), address, &length, CloseOnExec);
        peer = SystemAddress.Parse(new ReadOnlySpan<byte>(address, accepted < 0 ? 0 : (int)Math.Min(length, SystemAddress.LongestSize)));
        return accepted < 0 ? null : new SafeFileHandle(accepted, ownsHandle: true);
    }

    public static void SetNoDelay(SafeFileHandle descriptor) => Set(descriptor, TcpLevel, NoDelay);

    public static void SetKeepAlive(SafeFileHandle descriptor) => Set(descriptor, SocketLevel, KeepAlive);

    /// <summary>How long a send waits before it returns without having sent anything.</summary>
    public static void SetSendTimeout(SafeHandle descriptor, TimeSpan timeout)
    {
        // struct timeval: seconds and microseconds.
        var time = stackalloc nint[2] { (nint)timeout.TotalSeconds, timeout.Microseconds + (1000 * timeout.Milliseconds) };
        _ = setsockopt((int)descriptor.DangerousGetHandle(), SocketLevel, SendTimeout, time, (uint)(2 * sizeof(nint)));
    }

    /// <summary>What the last call failed with, for a human.</summary>
    public static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    private static SafeFileHandle Listen(int descriptor, void* address, uint length, string text)
    {
        if (bind(descriptor, address, length) < 0 || listen(descriptor, Backlog) < 0)
        {
            var reason = LastError();
            _ = HostCalls.Close(descriptor);
            throw new StartupException($"cannot listen on {text}: {reason}");
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void Set(SafeFileHandle descriptor, int level, int option)
    {
        var yes = 1;
        _ = setsockopt(Number(descriptor), level, option, &yes, sizeof(int));
    }

    private static int Number(SafeFileHandle descriptor) => (int)descriptor.DangerousGetHandle();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int descriptor, void* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(int descriptor, void* address, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int descriptor, int level, int option, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int descriptor, void* address, uint* length, int flags);
}
