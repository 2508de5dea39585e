using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A real file system on a file that is served: what was written is there after a restart, what was deleted gives its space back.</summary>
[Trait("Category", "Slow")]
public sealed class FileSystemTests
{
    private const long Size = 256 << 20;

    [Fact]
    public async Task AFileSystemSurvivesTheRestartOfTheServerAndTrimGivesSpaceBack()
    {
        using var directory = new TemporaryDirectory();
        var disk = DiskServer.Sparse(directory["disk"], Size);
        string sum;

        await using (var server = await SharpNbdProgram.StartAsync("file", disk))
        {
            await using var guest = await GuestMachine.StartAsync([server.SocketPath], """
                must mke2fs -q -t ext4 /dev/vda
                must mount /dev/vda /mnt
                must dd if=/dev/urandom of=/mnt/kept bs=1M count=8
                must dd if=/dev/urandom of=/mnt/deleted bs=1M count=64
                sync
                say written $(sha256sum </mnt/kept)
                hear
                must rm /mnt/deleted
                sync
                must fstrim /mnt
                must umount /mnt
                """);

            sum = await guest.HearAsync();
            Assert.StartsWith("written ", sum, StringComparison.Ordinal);
            var full = await SparseImage.AllocatedBlocksAsync(disk);
            await guest.SayAsync("go on");
            await guest.ExpectAsync("exit 0");

            var trimmed = await SparseImage.AllocatedBlocksAsync(disk);
            Assert.True(full - trimmed >= (60 << 20) / 512, $"{full} blocks became {trimmed}");
            await server.StopAsync();
        }

        await using (var server = await SharpNbdProgram.StartAsync("file", disk))
        {
            await using var guest = await GuestMachine.StartAsync([server.SocketPath], """
                must e2fsck -f -n /dev/vda
                must mount /dev/vda /mnt
                say written $(sha256sum </mnt/kept)
                must umount /mnt
                """);

            await guest.ExpectAsync(sum);
            await guest.ExpectAsync("exit 0");
            await server.StopAsync();
        }
    }
}
