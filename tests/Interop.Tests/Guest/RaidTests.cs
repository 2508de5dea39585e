using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The demonstration that the program is for: a Linux guest builds a RAID 5 over five servers, and one of them breaks.</summary>
[Trait("Category", "Slow")]
public sealed class RaidTests
{
    [Fact]
    public async Task AnArrayOverFiveServersSurvivesTheFailureOfOneAndIsRebuilt()
    {
        using var directory = new TemporaryDirectory();
        var servers = new List<ServerProgram>();
        try
        {
            for (var number = 1; number <= 5; number++)
            {
                servers.Add(await SharpNbdProgram.StartAsync(
                    "-v",
                    "--filter=error",
                    "--filter=log",
                    "--filter=delay",
                    "memory",
                    "size=67108864",
                    $"logfile={directory[$"log{number}"]}",
                    "rdelay=40ms",
                    "wdelay=40ms",
                    "error-rate=100%",
                    $"error-file={directory[$"error{number}"]}"));
            }

            await using var guest = await GuestMachine.StartAsync(servers.Select(server => server.SocketPath), """
                must mdadm --create /dev/md0 --run --assume-clean --level=5 --raid-devices=5 /dev/vda /dev/vdb /dev/vdc /dev/vdd /dev/vde
                must mke2fs -q -t ext4 /dev/md0
                must mount /dev/md0 /mnt
                write() { dd if=/dev/urandom of=/mnt/$1 bs=64k count=48; sha256sum /mnt/$1 >>/run/sums; sync; }
                read_back() { echo 3 >/proc/sys/vm/drop_caches; must sha256sum -c /run/sums; }
                faulty() { mdadm --detail /dev/md0 | sed -n 's/.* faulty .*\(\/dev\/.*\)/\1/p'; }

                write one
                read_back
                say built "$(faulty)"
                hear
                write two
                write three
                read_back
                say degraded "$(faulty)"
                hear
                must mdadm /dev/md0 --remove /dev/vdc
                must mdadm --zero-superblock /dev/vdc
                must mdadm /dev/md0 --add /dev/vdc
                mdadm --wait /dev/md0
                read_back
                echo check >/sys/block/md0/md/sync_action
                mdadm --wait /dev/md0
                say rebuilt "$(faulty)" mismatches $(cat /sys/block/md0/md/mismatch_cnt) missing $(cat /sys/block/md0/md/degraded)
                must umount /mnt
                must e2fsck -f -n /dev/md0
                must mdadm --stop /dev/md0
                """);

            await guest.ExpectAsync("built ");
            File.WriteAllText(directory["error3"], "");
            await guest.SayAsync("go on");

            await guest.ExpectAsync("degraded /dev/vdc");
            File.Delete(directory["error3"]);
            await guest.SayAsync("go on");

            await guest.ExpectAsync("rebuilt  mismatches 0 missing 0");
            await guest.ExpectAsync("exit 0");

            for (var number = 1; number <= 5; number++)
            {
                var server = servers[number - 1];
                await server.StopAsync();
                var injected = server.Errors.Lines.Any(line => line.Contains("injecting EIO", StringComparison.Ordinal));
                Assert.Equal(number == 3, injected);
                Assert.Contains(" Write ", File.ReadAllText(directory[$"log{number}"]));
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }
}
