using System.Diagnostics;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A virtual machine's BIOS starts ISOLINUX from the images, and that a Linux kernel.</summary>
[Trait("Category", "Slow")]
public sealed class IsoBootTests : IDisposable
{
    private const string Loader = "/usr/lib/ISOLINUX/isolinux.bin";
    private const string Modules = "/usr/lib/syslinux/modules/bios";
    private const string Hybrid = "/usr/lib/ISOLINUX/isohdpfx.bin";
    private const string Options = "-J -R -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table";

    private static readonly TimeSpan BootTimeout = TimeSpan.FromMinutes(4);

    private readonly IsoServer _iso = new();

    [Theory]
    [InlineData("cdrom", Options)]
    [InlineData("disk", Options + " -isohybrid-mbr " + Hybrid)]
    public async Task AMachineStartsFromTheImage(string medium, string options)
    {
        foreach (var needed in (string[])[Loader, Modules + "/ldlinux.c32", Hybrid])
        {
            if (!File.Exists(needed))
            {
                Tool.Missing($"{needed} (packages isolinux and syslinux-common)");
            }
        }

        var directory = Directory.CreateDirectory(Path.Combine(_iso.Tree, "isolinux")).FullName;
        File.Copy(Loader, Path.Combine(directory, "isolinux.bin"));
        File.Copy(Modules + "/ldlinux.c32", Path.Combine(directory, "ldlinux.c32"));
        File.Copy(await GuestMachine.KernelAsync(), Path.Combine(directory, "kernel"));
        File.WriteAllText(
            Path.Combine(directory, "isolinux.cfg"), "SERIAL 0 115200\nDEFAULT linux\nPROMPT 0\nLABEL linux\nLINUX kernel\nAPPEND console=ttyS0 panic=-1\n");
        await using var server = await _iso.StartAsync(options);

        await BootAsync(medium, server.Uri);
    }

    /// <summary>Starts a machine, and waits until its kernel says on the serial line that it runs.</summary>
    private static async Task BootAsync(string medium, string uri)
    {
        var start = new ProcessStartInfo(Tool.Require("qemu-system-x86_64").Path,
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-accel", "tcg", "-m", "256", "-serial", "stdio", "-drive",
            $"file={uri},format=raw,media={medium},readonly=on,if={(medium == "cdrom" ? "ide" : "virtio")}",
        ])
        {
            RedirectStandardOutput = true,
        };
        using var machine = Process.Start(start)!;
        try
        {
            using var timeout = new CancellationTokenSource(BootTimeout);
            var said = new System.Text.StringBuilder();
            var buffer = new char[256];
            while (!said.ToString().Contains("Linux version", StringComparison.Ordinal))
            {
                var count = await machine.StandardOutput.ReadAsync(buffer, timeout.Token);
                Assert.True(count > 0, $"the machine ended and had said only: {said}");
                said.Append(buffer, 0, count);
            }
        }
        finally
        {
            machine.Kill();
            await machine.WaitForExitAsync();
        }
    }

    public void Dispose() => _iso.Dispose();
}
