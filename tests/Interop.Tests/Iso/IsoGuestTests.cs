using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Linux mounts the images and reads every file of them.</summary>
[Trait("Category", "Slow")]
public sealed class IsoGuestTests : IDisposable
{
    private readonly IsoServer _iso = new();

    [Fact]
    public async Task LinuxReadsEveryFileThroughRockRidgeAndThroughJoliet()
    {
        await _iso.FillAsync();
        await Tool.Require("sh").OutputAsync("-c", $"truncate -s 5G '{_iso.Tree}/big' && echo END >>'{_iso.Tree}/big'");

        // Outside the tree, then put into one of its own that is merged: it holds the sums of all the rest.
        Directory.CreateDirectory(_iso["sums"]);
        await Tool.Require("sh").OutputAsync(
            "-c", $"cd '{_iso.Tree}' && find . -type f ! -name big ! -name 'n*' -exec sha256sum {{}} + >'{_iso["sums"]}/sums'");
        await using var server = await _iso.StartAsync("-JR", _iso["sums"]);
        await using var guest = await GuestMachine.StartAsync([server.SocketPath], """
            must mount -t iso9660 -o ro /dev/vda /mnt
            cd /mnt
            must sha256sum -c sums
            say rock $(readlink link) $(readlink absolute) $(stat -c '%a %Y %s' random) $(tail -c 4 big) $(readlink long-link | wc -c) $(ls | grep -c moved)
            cd /
            must umount /mnt
            must mount -t iso9660 -o ro,norock,iocharset=utf8 /dev/vda /mnt
            cd /mnt
            must sha256sum -c sums
            say joliet $(cat 😀) $(ls many | wc -l) $(tail -c 4 big)
            """);

        await guest.ExpectAsync("rock a/b/../b/./c /etc/fstab 640 981173106 300000 END 804 0");
        await guest.ExpectAsync("joliet smile 300 END");
        await guest.ExpectAsync("exit 0");
    }

    public void Dispose() => _iso.Dispose();
}
