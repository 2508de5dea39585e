using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Holes cost real clients nothing.</summary>
public sealed class SparseReadTests
{
    // Were its bytes read and sent, this would take longer than any test may.
    private const string Huge = "1T";

    [Fact]
    public async Task AnEmptyTebibyteIsCopiedByNbdcopy()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", Huge);
        await Tool.Require("nbdcopy").OutputAsync(server.Uri, "null:");
    }

    [Fact]
    public async Task AnEmptyTebibyteIsConvertedByQemuImg()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await SharpNbdProgram.StartAsync("memory", Huge);
        await Tool.Require("qemu-img").OutputAsync("convert", "-f", "raw", "-O", "qcow2", server.Uri, directory["copy.qcow2"]);
        Assert.Contains("1 TiB (1099511627776 bytes)", await Tool.Require("qemu-img").OutputAsync("info", directory["copy.qcow2"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory", "8M")]
    [InlineData("null", "8M")]
    public async Task LibnbdIsToldOfAHole(string plugin, string size)
    {
        await using var server = await SharpNbdProgram.StartAsync(plugin, size);
        await Nbdsh.RunAsync(server.Uri, """
            h.connect_uri(uri)
            kinds = []
            data = h.pread_structured(1 << 20, 1 << 20, lambda part, at, kind, error: kinds.append((len(part), at, kind)))
            assert bytes(data) == bytes(1 << 20)
            assert kinds == [(1 << 20, 1 << 20, nbd.READ_HOLE)], kinds
            """);
    }

    [Fact]
    public async Task LibnbdIsToldOfDataAndHolesInOneRead()
    {
        await using var server = await SharpNbdProgram.StartAsync("data", "data=@0x100000 1*512", "size=8M");
        await Nbdsh.RunAsync(server.Uri, """
            h.connect_uri(uri)
            kinds = []
            data = h.pread_structured(2 << 20, 0, lambda part, at, kind, error: kinds.append((len(part), at, kind)))
            assert bytes(data) == bytes(1 << 20) + b"\x01" * 512 + bytes((1 << 20) - 512)
            assert kinds == [
                (1 << 20, 0, nbd.READ_HOLE), (4096, 1 << 20, nbd.READ_DATA),
                ((1 << 20) - 4096, (1 << 20) + 4096, nbd.READ_HOLE)], kinds
            h.set_strict_mode(0)
            kinds = []
            whole = h.pread_structured(
                2 << 20, 0, lambda part, at, kind, error: kinds.append((len(part), at, kind)), nbd.CMD_FLAG_DF)
            assert whole == data
            assert kinds == [(2 << 20, 0, nbd.READ_DATA)], kinds
            """);
    }
}
