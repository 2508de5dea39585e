using System.Text;

namespace SharpNbd.Server;

/// <summary>Puts together what <c>--run</c> gives to the shell.</summary>
internal static class ShellScript
{
    /// <summary>
    /// The command behind assignments of the variables that tell where the server is. They are not exported, as in nbdkit.
    /// </summary>
    public static string Compose(string command, ListenAddress address, string exportName, TlsSupport? tls = null)
    {
        var uri = NbdUri.Format(address, exportName, tls);
        var (port, path) = address switch
        {
            TcpListenAddress tcp => ($"{tcp.Port}", ""),
            UnixListenAddress unix => ("", unix.Path),
            VsockListenAddress vsock => ($"{vsock.Port}", ""),
            _ => ("", ""),
        };
        return $"uri={Quote(uri)}\nnbd={Quote(uri)}\nport={Quote(port)}\nunixsocket={Quote(path)}\n"
            + $"exportname={Quote(exportName)}\n{(tls is null ? "" : $"tls={(int)tls.Mode}\n")}{command}";
    }

    /// <summary>A word of the shell with exactly this text.</summary>
    public static string Quote(string text)
        => new StringBuilder("'").Append(text).Replace("'", "'\\''", 1, text.Length).Append('\'').ToString();
}
