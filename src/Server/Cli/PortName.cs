using System.Globalization;
using System.Net;

namespace SharpNbd.Server;

/// <summary>Reads a TCP port as it is typed: a number, or the name of a service as in /etc/services.</summary>
internal static class PortName
{
    /// <summary>The port, 0 … 65535; null where there is no such port or service.</summary>
    public static unsafe int? Find(string text)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
        }

        if (text.Length == 0 || OperatingSystem.IsWindows())
        {
            return null;
        }

        // struct servent: two pointers (name, aliases), then the port as an int that holds 16 bits in network order.
        var service = HostCalls.FindService(text, "tcp");
        return service == 0
            ? null
            : (ushort)IPAddress.NetworkToHostOrder((short)*(int*)(service + (2 * sizeof(nint))));
    }
}
