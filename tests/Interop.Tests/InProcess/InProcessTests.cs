using SharpNbd.Abstractions;
using SharpNbd.Plugins;
using SharpNbd.Server;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Real clients of a server within the process of the tests.</summary>
public sealed class InProcessTests
{
    private static ConfiguredPlugin Memory => new MemoryPlugin().With(new() { Size = SparseImage.Size });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnImageComesBackUnchanged(bool overTcp)
    {
        var nbdcopy = Tool.Require("nbdcopy");
        using var directory = new TemporaryDirectory();
        var original = SparseImage.Create(directory["original"], seed: 4);
        await using var server = await NbdServer.StartAsync(Memory, overTcp ? new() { Addresses = [new TcpListenAddress("localhost", 0)] } : null);

        await nbdcopy.OutputAsync("--flush", original, server.Uri);
        await nbdcopy.OutputAsync(server.Uri, directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, directory["copy"]);
        Assert.Equal($"{SparseImage.Size}\n", await Tool.Require("nbdinfo").OutputAsync("--size", server.Uri));
    }

    [Fact]
    public async Task ClientsSeeEveryExport()
    {
        await using var server = await InProcessExamples.ServeExportsAsync();

        var list = await Tool.Require("nbdinfo").OutputAsync("--list", server.Uri);
        var size = await Tool.Require("nbdinfo").OutputAsync("--size", server.GetUri("data"));

        Assert.Contains("export=\"root\"", list, StringComparison.Ordinal);
        Assert.Contains("description: where everything lies", list, StringComparison.Ordinal);
        Assert.Equal("67108864\n", size);
    }

    [Fact]
    public async Task AClientSeesAnErrorThatAFilterMakes()
    {
        await using var server = await InProcessExamples.ServeFilteredAsync();

        var result = await Tool.Require("qemu-io").RunAsync("-r", "-f", "raw", "-c", "read 0 512", server.Uri);

        Assert.Contains("read failed: Input/output error", result.Expect(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientEncryptsWithAKey()
    {
        using var directory = new TemporaryDirectory();
        var keys = directory.Write("keys.psk", "me:0123456789abcdef0123456789abcdef\n"u8);
        await using var server = await InProcessExamples.ServeEncryptedAsync(keys);

        Assert.Equal("1048576\n", await Tool.Require("nbdinfo").OutputAsync("--size", server.Uri.Replace("nbds://", "nbds://me@", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AProgramTalksToItselfWithinTheProcess() => Assert.Equal("NBDMAGIC", await InProcessExamples.GreetAsync());
}
