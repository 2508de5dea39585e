using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class QemuIoTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task PatternsAreReadBack(string kind) => RunAsync(
        kind,
        "write -P 0xab 0 64k",
        "write -P 0xcd 512 512",
        "write -f -P 0xef 1M 2M",
        "flush",
        "read -P 0xab 0 512",
        "read -P 0xcd 512 512",
        "read -P 0xab 1k 63k",
        "read -P 0 64k 960k",
        "read -P 0xef 1M 2M");

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task ZeroesThatMayBeHolesReadAsZeroes(string kind) => RunAsync(
        kind,
        "write -P 0xab 0 1M",
        "write -z -u 64k 128k",
        "write -z 256k 64k",
        "write -z -f 512k 512",
        "read -P 0xab 0 64k",
        "read -P 0 64k 128k",
        "read -P 0xab 192k 64k",
        "read -P 0 256k 64k",
        "read -P 0 512k 512",
        "read -P 0xab 525312 512");

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task DiscardedDataReadsAsZeroesAndItsNeighboursStay(string kind) => RunAsync(
        kind,
        "write -P 0xab 0 1M",
        "discard 64k 128k",
        "read -P 0xab 0 64k",
        "read -P 0 64k 128k",
        "read -P 0xab 192k 832k");

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task OverlappingAsynchronousWritesOfOnePatternAreReadBack(string kind) => RunAsync(
        kind,
        "aio_write -P 0x11 0 1M",
        "aio_write -P 0x22 1M 1M",
        "aio_write -P 0x33 2M 1M",
        "aio_flush",
        "read -P 0x11 0 1M",
        "read -P 0x22 1M 1M",
        "read -P 0x33 2M 1M");

    private static async Task RunAsync(string kind, params string[] commands)
    {
        var qemuIo = Tool.Require("qemu-io");
        await using var server = await DiskServer.StartAsync(kind, 4 << 20);

        var result = await qemuIo.RunAsync(["-f", "raw", "-d", "unmap", .. commands.SelectMany(command => (string[])["-c", command]), server.Uri]);

        // It succeeds although a pattern differs or a command fails; only its words tell.
        Assert.DoesNotContain("fail", result.Expect(0).Output + result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            commands.Count(command => command.StartsWith("read", StringComparison.Ordinal)),
            result.Output.Split('\n').Count(line => line.StartsWith("read ", StringComparison.Ordinal)));
    }
}
