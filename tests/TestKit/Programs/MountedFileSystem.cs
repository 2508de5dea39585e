using Xunit;

namespace SharpNbd.TestKit;

/// <summary>
/// A small file system mounted on a private directory until it is disposed. Only root can do that: a test of anybody else is
/// skipped.
/// </summary>
public sealed class MountedFileSystem : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private bool _isMounted;

    private MountedFileSystem()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _directory["mount"];

    /// <summary>A file system in memory.</summary>
    /// <param name="size">How much it holds, for example <c>1m</c>.</param>
    public static MountedFileSystem Tmpfs(string size) => Mount("-t", "tmpfs", "-o", $"size={size}", "tmpfs");

    /// <summary>A file system in memory that can do little more than read and write.</summary>
    public static MountedFileSystem Ramfs() => Mount("-t", "ramfs", "ramfs");

    /// <summary>A file system with a journal, in a file.</summary>
    /// <param name="size">How long that file is.</param>
    public static MountedFileSystem Ext4(long size)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/dev/loop-control"))
        {
            Assert.Skip("only root can mount a file system, and only where the kernel has loop devices one in a file");
        }

        using var images = new TemporaryDirectory();
        var image = images["image"];
        Run("mke2fs", "-q", "-t", "ext4", image, $"{size >> 10}k");

        // The mounted device keeps the file, which needs no name any more.
        return Mount("-o", "loop", image);
    }

    /// <summary>Has a file system with a journal find itself broken, so that nothing can be written to it any more.</summary>
    public void Break() => Run("mount", "-o", "remount,abort", Path);

    /// <summary>Mounts it anew for reading only.</summary>
    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", "--lazy", Path);
        }

        _directory.Dispose();
    }

    private static MountedFileSystem Mount(params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("only root can mount a file system");
        }

        var mount = new MountedFileSystem();
        Directory.CreateDirectory(mount.Path);
        try
        {
            Run("mount", [.. arguments, mount.Path]);
            mount._isMounted = true;
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    private static void Run(string program, params string[] arguments)
        => Tool.Require(program).RunAsync(arguments).GetAwaiter().GetResult().Expect(0);
}
