namespace SharpNbd.Plugins;

/// <summary>Opens paths of any length: the kernel takes 4095 bytes at a time.</summary>
internal static unsafe class LinuxPath
{
    private const int LongestPath = 4095;

    /// <summary>Opens a path.</summary>
    /// <param name="path">The path in the system's bytes, with a zero behind it.</param>
    /// <param name="flags">How, as for <c>open</c>.</param>
    /// <returns>The descriptor, or -1 with the reason in the last error.</returns>
    public static int Open(ReadOnlySpan<byte> path, int flags)
    {
        var directory = Libc.CurrentDirectory;
        while (path.Length - 1 > LongestPath)
        {
            var cut = path[..LongestPath].LastIndexOf((byte)'/');
            byte[] head = [.. path[..Math.Max(cut, 0)], 0];
            var next = OpenAt(directory, head, Libc.OpenPathOnly | Libc.OpenCloseOnExec);
            CloseDirectory(directory, next);
            if (next < 0)
            {
                return -1;
            }

            directory = next;
            path = path[(cut + 1)..];
        }

        var descriptor = OpenAt(directory, path, flags);
        CloseDirectory(directory, descriptor);
        return descriptor;
    }

    /// <summary>Closes a directory on the way, and keeps the error of what was opened in it.</summary>
    private static void CloseDirectory(int directory, int opened)
    {
        if (directory != Libc.CurrentDirectory)
        {
            var error = Errno.Last;
            _ = Libc.Close(directory);
            if (opened < 0)
            {
                Errno.Last = error;
            }
        }
    }

    private static int OpenAt(int directory, ReadOnlySpan<byte> path, int flags)
    {
        fixed (byte* pointer = path)
        {
            return Libc.OpenAt(directory, pointer, flags);
        }
    }
}
