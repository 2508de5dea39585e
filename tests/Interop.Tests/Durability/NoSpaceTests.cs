using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A host without space says so to the client, and the server lives on.</summary>
public sealed class NoSpaceTests
{
    private const string Script = """
        h.connect_uri(uri)
        size = 1024 * 1024
        assert errno_of(lambda: h.pwrite(b"x" * size, 100)) == "ENOSPC"
        assert errno_of(lambda: h.pwrite(b"x" * size, 2 * size, nbd.CMD_FLAG_FUA)) == "ENOSPC"
        h.trim(4 * size, 0)
        h.pwrite(b"y" * 65536, 0, nbd.CMD_FLAG_FUA)
        h.flush()
        assert h.pread(65536, 0) == b"y" * 65536
        """;

    [Fact]
    public async Task AFullFileSystem()
    {
        using var mount = MountedFileSystem.Tmpfs("1m");
        var disk = DiskServer.Sparse(Path.Combine(mount.Path, "disk"), 4 << 20);
        await using var server = await SharpNbdProgram.StartAsync("file", disk);

        await Nbdsh.RunAsync(server.Uri, Script);
        await Nbdsh.RunAsync(server.Uri, "h.connect_uri(uri); assert h.pread(4, 0) == b'yyyy'");

        await server.StopAsync();
    }

    [Fact]
    public async Task AFileThatReachesItsLimit()
    {
        using var directory = new TemporaryDirectory();
        var disk = DiskServer.Sparse(directory["disk"], 4 << 20);
        await using var server = await WrappedServer.StartAsync(
            directory, [Tool.Require("prlimit").Path, "--fsize=524288"], "file", disk);

        await Nbdsh.RunAsync(server.Uri, Script);

        await server.StopAsync();
    }
}
