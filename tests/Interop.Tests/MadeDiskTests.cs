using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Disks that are made when a client asks for them, or when the server starts.</summary>
public sealed class MadeDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ATemporaryDiskHasTheFileSystemThatNbdkitsHas()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        string[] arguments = ["tmpdisk", "8M", "type=ext4", "label=scratch"];
        await using var ours = await SharpNbdProgram.StartAsync(arguments);
        await using var theirs = await NbdkitProgram.StartAsync(arguments);

        Assert.Equal(await ContentAsync(nbdinfo, theirs.Uri), await ContentAsync(nbdinfo, ours.Uri));
        await ours.StopAsync();
    }

    [Fact]
    public async Task ExportsAreMadeByNameAndKept()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        await using var server = await SharpNbdProgram.StartAsync("ondemand", $"dir={_directory.Path}", "8M");

        Assert.Equal($"{8 << 20}", (await nbdinfo.OutputAsync("--size", server.UriOf("one"))).Trim());
        await Nbdsh.RunAsync(server.UriOf("one"), """
            h.connect_uri(uri)
            h.pwrite(b"kept", 4096 * 1000)
            second = nbd.NBD()
            assert errno_of(lambda: second.connect_uri(uri)) != "OK"
            h.shutdown()
            """);
        await Nbdsh.RunAsync(server.UriOf("one"), """
            h.connect_uri(uri)
            assert h.pread(4, 4096 * 1000) == b"kept"
            """);
        await server.StopAsync();
        Assert.Equal(["one"], Directory.GetFileSystemEntries(_directory.Path).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task ADirectoryBecomesADiskThatQemuReads()
    {
        File.WriteAllText(_directory["hello"], "hello");
        await using var server = await SharpNbdProgram.StartAsync("linuxdisk", _directory.Path, "label=ROOTFS");

        Assert.Contains("file format: raw", await Tool.Require("qemu-img").OutputAsync("info", server.Uri), StringComparison.Ordinal);
        Assert.Contains("partition 1", await Tool.Require("nbdinfo").OutputAsync(server.Uri), StringComparison.Ordinal);
        await server.StopAsync();
    }

    // The identity of the file system is random.
    private static async Task<string> ContentAsync(Tool nbdinfo, string uri)
    {
        var line = (await nbdinfo.OutputAsync(uri)).Split('\n').Single(line => line.Contains("content:", StringComparison.Ordinal));
        return string.Join(',', line.Split(',').Where(part => !part.Contains("UUID", StringComparison.Ordinal)));
    }
}
