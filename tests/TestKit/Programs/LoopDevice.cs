using Xunit;

namespace SharpNbd.TestKit;

/// <summary>A file as a block device until it is disposed. Only root can do that: a test of anybody else is skipped.</summary>
public sealed class LoopDevice : IDisposable
{
    private LoopDevice(string path) => Path = path;

    /// <summary>The device, for example <c>/dev/loop0</c>.</summary>
    public string Path { get; }

    /// <summary>Makes a file a block device; also skips where the machine has no loop devices.</summary>
    /// <param name="file">The file; what does not fill a sector of 512 bytes is cut off.</param>
    public static LoopDevice Attach(string file)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/dev/loop-control"))
        {
            Assert.Skip("only root can set up a loop device, and only where the kernel has them");
        }

        return new LoopDevice(Run("--find", "--show", file).Trim());
    }

    /// <inheritdoc/>
    public void Dispose() => Run("--detach", Path);

    private static string Run(params string[] arguments)
        => Tool.Require("losetup").RunAsync(arguments).GetAwaiter().GetResult().Expect(0).Output;
}
