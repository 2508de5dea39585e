using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Plugins;

/// <summary>A file that is open for reading, by nothing but what .NET offers everywhere.</summary>
internal sealed class PortableOpenedFile : OpenedFile
{
    private readonly SafeFileHandle _handle;

    private PortableOpenedFile(int file, SafeFileHandle handle)
        : base(file) => _handle = handle;

    public override string? ChangeSince(FileIdentity scanned)
        => scanned.DifferenceTo(new FileIdentity(RandomAccess.GetLength(_handle), System.IO.File.GetLastWriteTimeUtc(_handle).Ticks, 0, 0));

    /// <inheritdoc cref="OpenedFile.Open"/>
    public static new PortableOpenedFile Open(int file, ReadOnlySpan<byte> path)
    {
        var name = Encoding.UTF8.GetString(path[..^1]);
        try
        {
            return new PortableOpenedFile(file, System.IO.File.OpenHandle(name, share: FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException(e.Message, Errno.ENOENT);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        var done = 0;
        while (done < buffer.Length && RandomAccess.Read(_handle, buffer[done..], offset + done) is > 0 and var count)
        {
            done += count;
        }

        return done;
    }

    protected override void Close() => _handle.Dispose();
}
