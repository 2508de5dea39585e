using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace SharpNbd.Server;

/// <summary>The place for a Unix socket that only this user can reach, removed at the end.</summary>
internal sealed class PrivateSocket : IDisposable
{
    private readonly string _directory;

    private PrivateSocket(string directory) => _directory = directory;

    /// <summary>The path for the socket; nothing is there yet.</summary>
    public string Path => System.IO.Path.Combine(_directory, "socket");

    /// <summary>
    /// Makes the directory, always below /tmp: the path of a socket has to be short, which TMPDIR need not be.
    /// </summary>
    /// <exception cref="StartupException">It cannot be made.</exception>
    public static unsafe PrivateSocket Create()
    {
        var template = Encoding.UTF8.GetBytes("/tmp/sharpnbdXXXXXX\0");
        fixed (byte* name = template)
        {
            return HostCalls.MakeDirectory(name) != 0
                ? new PrivateSocket(Encoding.UTF8.GetString(template.AsSpan(0, template.Length - 1)))
                : throw new StartupException(
                    $"a private directory for the socket cannot be made in /tmp: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(Path);
            Directory.Delete(_directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Someone removed it or put something there; what is not ours stays.
        }
    }
}
