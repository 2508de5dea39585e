using System.Text;
using Microsoft.Extensions.Logging;

namespace SharpNbd.Server;

/// <summary>A file that messages are appended to, each by one write, so that several servers can share it.</summary>
internal sealed class LogFile
{
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
            return new LogFile(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), prefix).Write;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--log={path}: {e.Message}");
        }
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
