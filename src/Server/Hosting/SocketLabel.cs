namespace SharpNbd.Server;

/// <summary>
/// The SELinux label of the sockets that the calling thread makes, until it is disposed. Written where libselinux would write it.
/// </summary>
internal sealed class SocketLabel : IDisposable
{
    private const string Attribute = "/proc/thread-self/attr/sockcreate";
    private const string FileSystem = "/sys/fs/selinux";

    private SocketLabel()
    {
    }

    /// <summary>Sets a label; null where none is asked for.</summary>
    /// <exception cref="StartupException">There is no SELinux, or it does not take the label.</exception>
    public static SocketLabel? Set(string? label)
    {
        if (label is null)
        {
            return null;
        }

        if (!Directory.Exists(FileSystem))
        {
            throw new StartupException($"--selinux-label={label}: this kernel runs without SELinux");
        }

        try
        {
            Write(label + "\0");
            return new SocketLabel();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--selinux-label={label}: SELinux does not accept this label: {e.Message}");
        }
    }

    public void Dispose()
    {
        try
        {
            Write("\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Sockets that are made later keep the label, which is what the user asked for.
        }
    }

    private static void Write(string text)
    {
        using var file = new FileStream(Attribute, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
