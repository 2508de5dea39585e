using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class PartialReadTests
{
    [Fact]
    public async Task AFileThatWasCutIsReadUpToItsEndAndTheErrorSaysWhereThatIs()
    {
        using var directory = new TemporaryDirectory();
        var path = directory["disk"];
        await File.WriteAllBytesAsync(path, Enumerable.Repeat((byte)7, 1 << 20).ToArray());
        await using var server = await SharpNbdProgram.StartAsync("file", path);
        await Nbdsh.RunAsync(server.Uri, $"path = '{path}'\n" + """
            import errno, os
            h.connect_uri(uri)
            os.truncate(path, 100_000)
            kinds = []
            def take(part, at, kind, error):
                kinds.append((bytes(part), at, kind, error.value))
            assert errno_of(lambda: h.pread_structured(65536, 65536, take)) == "EIO"
            good = 100_000 - 65536
            assert [kind[1:] for kind in kinds] == [(65536, nbd.READ_DATA, 0), (100_000, nbd.READ_ERROR, errno.EIO)], kinds
            assert kinds[0][0] == b"\x07" * good
            assert h.pread(1000, 99_000) == b"\x07" * 1000
            """);
    }
}
