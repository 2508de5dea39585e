using System.Net;
using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>Finds the port of a service by its name, as in /etc/services.</summary>
internal static unsafe partial class ServicePort
{
    /// <summary>The port.</summary>
    /// <exception cref="FormatException">There is no such service.</exception>
    public static int Find(string name)
    {
        // struct servent: two pointers (name, aliases), then the port as an int that holds 16 bits in network order.
        var service = name.Length == 0 || OperatingSystem.IsWindows() ? 0 : FindByName(name, "tcp");
        return service == 0
            ? throw new FormatException($"port={name}: a number from 1 to 65535 or the name of a service is needed")
            : (ushort)IPAddress.NetworkToHostOrder((short)*(int*)(service + (2 * sizeof(nint))));
    }

    [LibraryImport("libc", EntryPoint = "getservbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint FindByName(string name, string protocol);
}
