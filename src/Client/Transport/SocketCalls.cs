using System.Runtime.InteropServices;
using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>The socket calls of the C library on Linux that the framework does not have, or wraps in what costs more than they do.</summary>
internal static unsafe partial class SocketCalls
{
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int ShutBoth = 2;
    public const int Stream = 1;
    public const int CloseOnExec = 0x80000;
    public const int GetStatusFlags = 3;
    public const int SetStatusFlags = 4;
    public const int NonBlocking = 0x800;

    private const int SocketLevel = 1;
    private const int SocketType = 3;

    /// <summary>Whether a descriptor is a socket for streams.</summary>
    public static bool IsStreamSocket(int descriptor)
    {
        int type;
        uint length = sizeof(int);
        return GetOption(descriptor, SocketLevel, SocketType, &type, &length) == 0 && type == Stream;
    }

    /// <summary>Makes calls on a descriptor wait, whoever had it before.</summary>
    public static void MakeBlocking(int descriptor)
        => _ = ControlDescriptor(descriptor, SetStatusFlags, ControlDescriptor(descriptor, GetStatusFlags, 0) & ~NonBlocking);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, void* address, uint length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlDescriptor(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int descriptor, int level, int option, void* value, uint* length);
}
