using System.Buffers.Binary;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>Reads directories for plugins that make a disk out of a tree: names as they are, and all that is known of the files.</summary>
internal static unsafe class DirectoryReader
{
    /// <summary>The entries of a directory without <c>.</c> and <c>..</c>, in the order of their names' bytes, so that each start finds the same.</summary>
    /// <param name="files">Where the directory has been added.</param>
    /// <param name="directory">Its number.</param>
    /// <param name="followLinks">Whether symbolic links stand for what they lead to.</param>
    /// <exception cref="IOException">The directory cannot be read; the message is the reason, without its name.</exception>
    public static List<FoundEntry> Read(SourceFiles files, int directory, bool followLinks)
    {
        var path = files.PathOfDirectory(directory);
        var entries = Libc.IsAvailable ? ReadLinux(path, followLinks) : ReadPortable(path, followLinks);
        entries.Sort((one, other) => one.Name.AsSpan().SequenceCompareTo(other.Name));
        return entries;
    }

    private static List<FoundEntry> ReadLinux(byte[] path, bool followLinks)
    {
        var descriptor = LinuxPath.Open(path, Libc.OpenReadOnly | Libc.OpenCloseOnExec | Libc.OpenNonBlocking);
        if (descriptor < 0)
        {
            throw LastError();
        }

        try
        {
            var entries = new List<FoundEntry>();
            foreach (var name in NamesIn(descriptor))
            {
                // What has been deleted since the directory was read is not there.
                if (Find(descriptor, name, followLinks) is { } entry)
                {
                    entries.Add(entry);
                }
            }

            return entries;
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    /// <summary>The names in an open directory, each with a zero behind it.</summary>
    private static List<byte[]> NamesIn(int descriptor)
    {
        var names = new List<byte[]>();
        var buffer = new byte[32768];
        fixed (byte* pointer = buffer)
        {
            while (true)
            {
                var length = Libc.ReadDirectory(descriptor, pointer, (nuint)buffer.Length);
                if (length < 0)
                {
                    throw LastError();
                }

                if (length == 0)
                {
                    return names;
                }

                // struct linux_dirent64: number (8), position (8), length of the entry (2), kind (1), name with a zero.
                for (var entry = buffer.AsSpan(0, (int)length); !entry.IsEmpty; entry = entry[BinaryPrimitives.ReadUInt16LittleEndian(entry[16..])..])
                {
                    var name = entry[19..];
                    name = name[..(name.IndexOf((byte)0) + 1)];
                    if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                    {
                        names.Add(name.ToArray());
                    }
                }
            }
        }
    }

    private static FoundEntry? Find(int descriptor, byte[] name, bool followLinks)
    {
        if (!(followLinks && FileStatus.TryGet(descriptor, name, followLinks: true, out var status))
            && !FileStatus.TryGet(descriptor, name, followLinks: false, out status))
        {
            return Errno.Last == Errno.ENOENT ? null : throw LastError();
        }

        var facts = FileFacts.Of(status);
        return new FoundEntry(name[..^1], facts, facts.IsSymbolicLink ? TargetOf(descriptor, name) : null);
    }

    private static byte[] TargetOf(int descriptor, byte[] name)
    {
        // The longest target that Linux stores is 4095 bytes.
        var target = stackalloc byte[4096];
        fixed (byte* pointer = name)
        {
            var length = Libc.ReadLink(descriptor, pointer, target, 4096);
            return length >= 0 ? new ReadOnlySpan<byte>(target, (int)length).ToArray() : throw LastError();
        }
    }

    private static List<FoundEntry> ReadPortable(byte[] path, bool followLinks)
    {
        try
        {
            return
            [
                .. new DirectoryInfo(Encoding.UTF8.GetString(path.AsSpan()[..^1])).EnumerateFileSystemInfos().Select(entry =>
                {
                    var followed = followLinks ? entry.ResolveLinkTarget(returnFinalTarget: true) : null;
                    var facts = FileFacts.Of(followed is { Exists: true } ? followed : entry);
                    return new FoundEntry(FileName.ToBytes(entry.Name), facts, facts.IsSymbolicLink ? FileName.ToBytes(entry.LinkTarget!) : null);
                }),
            ];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static IOException LastError() => new(Errno.Text(Errno.Last), Errno.Last);
}
