using System.Globalization;
using System.Security.Cryptography;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Machines that use virtual floppies: firmware that starts from one, and Linux that mounts one.</summary>
[Trait("Category", "Slow")]
public sealed class FloppyBootTests
{
    private const string Firmware = "/usr/share/ovmf/OVMF.fd";
    private static readonly TimeSpan BootTimeout = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData("fat=32")]
    [InlineData("fat=16", "size=64M")]
    public async Task UefiFirmwareStartsFromAnEvenSmallTree(params string[] parameters)
    {
        var qemu = Tool.Require("qemu-system-x86_64");
        if (!File.Exists(Firmware))
        {
            Tool.Missing(Firmware);
        }

        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["tree/EFI/BOOT"]);
        directory.Write("tree/EFI/BOOT/BOOTX64.EFI", EfiProgram.Saying("started from a virtual floppy\n"));
        await using var server = await SharpNbdProgram.StartAsync(["floppy", directory["tree"], .. parameters]);

        var result = await qemu.RunAsync(
            new ToolOptions { Timeout = BootTimeout },
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-machine", "q35", "-m", "128", "-bios", Firmware, "-net", "none",
            "-blockdev", $"driver=nbd,node-name=disk,read-only=on,server.type=unix,server.path={server.SocketPath}",
            "-device", "virtio-blk-pci,drive=disk", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-serial", $"file:{directory["serial"]}");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("started from a virtual floppy", File.ReadAllText(directory["serial"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LinuxReadsEveryFileAsItIs()
    {
        using var tree = new FloppyTree();
        var expected = FloppyTree.FilesOf(tree.Path)
            .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(file.Value))}  ./{file.Key}").Order(StringComparer.Ordinal).ToList();
        await using var server = await SharpNbdProgram.StartAsync("floppy", tree.Path);
        await using var guest = await GuestMachine.StartAsync([server.SocketPath], """
            must mount -t vfat -o ro,utf8=1 /dev/vda1 /mnt
            cd /mnt
            find . -type f -exec sha256sum {} + >/tmp/sums
            say files $(wc -l </tmp/sums)
            while read -r line; do say "$line"; done </tmp/sums
            cd /
            must umount /mnt
            """);

        await guest.ExpectAsync(string.Create(CultureInfo.InvariantCulture, $"files {expected.Count}"));
        var heard = new List<string>();
        while (heard.Count < expected.Count)
        {
            heard.Add(await guest.HearAsync());
        }

        Assert.Equal(expected, heard.Order(StringComparer.Ordinal));
        await guest.ExpectAsync("exit 0");
    }
}
