using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Server;

/// <summary>A file that messages are appended to, each by one write, so that several servers can share it.</summary>
internal sealed class LogFile
{
    private const int WriteOnly = 1;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;

    private readonly FileStream _file;
    private readonly string _prefix;

    private LogFile(FileStream file, string prefix) => (_file, _prefix) = (file, prefix);

    /// <summary>Opens a file, or makes it. It stays open as long as the server lives.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="prefix">What every line begins with.</param>
    /// <exception cref="StartupException">It cannot be opened.</exception>
    public static Action<LogLevel, string> Open(string path, string prefix)
    {
        try
        {
            return new LogFile(OpenToAppend(path), prefix).Write;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--log={path}: {e.Message}");
        }
    }

    // The framework's way to append remembers where the end was, and would write over what others have written since.
    private static FileStream OpenToAppend(string path)
    {
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (!OperatingSystem.IsLinux())
        {
            return file;
        }

        file.Dispose();
        var descriptor = HostCalls.Open(path, WriteOnly | Append | CloseOnExec);
        return descriptor >= 0
            ? new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0)
            : throw new IOException(SocketCalls.LastError());
    }

    private void Write(LogLevel level, string text)
    {
        try
        {
            lock (_file)
            {
                _file.Write(Encoding.UTF8.GetBytes($"{_prefix}{text}\n"));
            }
        }
        catch (IOException)
        {
            // The file system is full: there is nowhere to say so, and disks have to be served on.
        }
    }
}
