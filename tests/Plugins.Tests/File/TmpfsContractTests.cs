using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A file system that does not know RWF_NOWAIT and zero range.</summary>
public sealed class TmpfsContractTests : FileContract
{
    protected override IDisposable MakeDirectory(out string path)
    {
        var mount = MountedFileSystem.Tmpfs("8m");
        path = mount.Path;
        return mount;
    }

    private protected override FileLocation Locate(string path) => new SingleFile(path, FileAccessPattern.Normal);
}
