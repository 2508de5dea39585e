using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Filters;

/// <summary>
/// The file of the log. Every line is one write, so that a reader sees it at once and whole. On Linux the file is opened for
/// appending, where the kernel puts each write behind the last one: no lock is needed, servers can share a log, and one that was
/// truncated by someone else goes on at its new end. .NET offers no such mode; elsewhere a lock and a position stand in for it.
/// </summary>
internal sealed partial class LogFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly ILogger _logger;
    private readonly Lock? _lock;
    private long _position;
    private bool _isFailing;

    private LogFile(SafeFileHandle handle, Lock? gate, long position, ILogger logger)
    {
        _handle = handle;
        _lock = gate;
        _position = position;
        _logger = logger;
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="append">Keep what it holds.</param>
    /// <param name="logger">Where lost lines are reported.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static LogFile Open(string path, bool append, ILogger logger)
        => OperatingSystem.IsLinux()
            ? new LogFile(OpenForAppending(path, append), null, 0, logger)
            : OpenPortably(path, append, logger);

    /// <summary>As <see cref="Open"/>, in the way of other systems.</summary>
    internal static LogFile OpenPortably(string path, bool append, ILogger logger)
    {
        var handle = File.OpenHandle(path, append ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        return new LogFile(handle, new Lock(), append ? RandomAccess.GetLength(handle) : 0, logger);
    }

    /// <summary>Writes a line. A failure is reported, once until lines can be written again; no request fails for it.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        try
        {
            WriteOut(line);
            _isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!Interlocked.Exchange(ref _isFailing, true))
            {
                LogMessages.WriteFailed(_logger, e.Message);
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    private void WriteOut(ReadOnlySpan<byte> line)
    {
        if (_lock is null)
        {
            Append(line);
            return;
        }

        lock (_lock)
        {
            RandomAccess.Write(_handle, line, _position);
            _position += line.Length;
        }
    }

    // The framework's calls want a position, which pipes and terminals do not have.
    private void Append(ReadOnlySpan<byte> line)
    {
        const int interrupted = 4;
        while (!line.IsEmpty)
        {
            var written = LibcWrite(_handle, line, (nuint)line.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() != interrupted)
            {
                throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
            }

            line = line[(int)Math.Max(written, 0)..];
        }
    }

    private static SafeFileHandle OpenForAppending(string path, bool append)
    {
        const int writeOnly = 0x1, create = 0x40, truncate = 0x200, appending = 0x400, closeOnExec = 0x80000;
        const uint mode = 0b110_110_110; // rw-rw-rw-, less what the umask takes away
        var handle = LibcOpen(path, writeOnly | create | appending | closeOnExec | (append ? 0 : truncate), mode);
        if (handle.IsInvalid)
        {
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }

        return handle;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint LibcWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle LibcOpen(string path, int flags, uint mode);
}
