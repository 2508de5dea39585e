using Microsoft.Win32.SafeHandles;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>An open file by nothing but what .NET offers everywhere: reads, writes and flushes, all on I/O threads.</summary>
internal sealed class PortableFile : DiskFile
{
    private readonly SafeFileHandle _handle;

    private PortableFile(SafeFileHandle handle, string path, bool canWrite)
        : base(new FlushQueue())
    {
        _handle = handle;
        DisplayName = Path.GetFileName(path);
        CanWrite = canWrite;
        Size = RandomAccess.GetLength(handle);
    }

    public override string DisplayName { get; }

    public override long Size { get; }

    public override bool CanWrite { get; }

    /// <summary>Opens a file, for reading only where it may not be written.</summary>
    public static PortableFile Open(string path, bool isReadOnly)
    {
        try
        {
            return OpenExactly(path, isReadOnly);
        }
        catch (UnauthorizedAccessException) when (!isReadOnly)
        {
            return Open(path, isReadOnly: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NbdException(NbdError.EIO, $"cannot open {Path.GetFileName(path)}", e);
        }
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, buffer, offset);
            if (count == 0)
            {
                throw new NbdException(NbdError.EIO, $"{DisplayName} ends at {offset}, before the end of the disk: it has been truncated")
                {
                    FailedAt = offset,
                };
            }

            buffer = buffer[count..];
            offset += count;
        }
    }

    public override void Write(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(_handle, data, offset);

    public override void Synchronize()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NbdException(NbdError.EIO, $"cannot make {DisplayName} stable", e);
        }
    }

    public override void Dispose() => _handle.Dispose();

    // Shared with everybody, for .NET would otherwise lock the file against other programs.
    private static PortableFile OpenExactly(string path, bool isReadOnly) => new(
        File.OpenHandle(path, FileMode.Open, isReadOnly ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete),
        path,
        canWrite: !isReadOnly);
}
