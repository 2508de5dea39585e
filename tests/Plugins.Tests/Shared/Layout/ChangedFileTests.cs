using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>What becomes of a file after the start of the server must never show up as data.</summary>
public sealed class ChangedFileTests : LayoutTest
{
    private string Second => Directory["b"];

    /// <summary>Each is tried with the file closed and with it open, since a read before may have left it so.</summary>
    public static TheoryData<string, bool> Changes
    {
        get
        {
            string[] changes = ["written", "longer", "shorter", "deleted", "replaced", "directory", "pipe", "link", "loop"];
            var all = new TheoryData<string, bool>();
            foreach (var change in changes)
            {
                all.Add(change, false);
                all.Add(change, true);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task AFileThatIsNoLongerTheSameGivesErrorsForItsRangeAndOneLineInTheLog(string change, bool isOpen)
    {
        var disk = await OpenThreeAsync();
        if (isOpen)
        {
            await ReadAsync(disk, 0, 300);
        }

        await ChangeAsync(change);

        await FailsAsync(disk, 100, 100);
        await FailsAsync(disk, 199, 1);
        await FailsAsync(disk, 0, 300);
        Assert.Equal(Enumerable.Repeat((byte)'a', 100), await ReadAsync(disk, 0, 100));
        Assert.Equal(Enumerable.Repeat((byte)'c', 100), await ReadAsync(disk, 200, 100));
        var line = Assert.Single(Logger.Messages);
        Assert.StartsWith($"Warning: {Second} is no longer what it was when the server started: it", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatWasRenamedWhileItIsOpenNeverBecomesAnotherOne()
    {
        var disk = await OpenThreeAsync();
        await ReadAsync(disk, 100, 100);
        File.Move(Second, Directory["elsewhere"]);
        File.Copy(Directory["c"], Second);

        Assert.DoesNotContain((byte)'c', await ReadAsync(disk, 100, 100));
    }

    private async Task<Disk> OpenThreeAsync()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            File.WriteAllText(Directory[name], new string(name[0], 100));
            File.SetLastWriteTimeUtc(Directory[name], DateTime.UnixEpoch.AddYears(30));
        }

        return await OpenAsync();
    }

    private async Task ChangeAsync(string change)
    {
        switch (change)
        {
            case "written":
                File.WriteAllText(Second, new string('x', 100));
                return;
            case "longer":
                File.AppendAllText(Second, "x");
                return;
            case "shorter":
                using (var file = File.OpenWrite(Second))
                {
                    file.SetLength(50);
                }

                return;
        }

        if (change == "replaced")
        {
            File.Copy(Second, Directory["new"]);
            File.SetLastWriteTimeUtc(Directory["new"], File.GetLastWriteTimeUtc(Second));
            File.Move(Directory["new"], Second, overwrite: true);
            return;
        }

        File.Delete(Second);
        switch (change)
        {
            case "directory":
                System.IO.Directory.CreateDirectory(Second);
                break;
            case "pipe":
                await Tool.Require("mkfifo").OutputAsync(Second);
                break;
            case "loop":
                File.CreateSymbolicLink(Second, Second);
                break;
            case "link":
                File.CreateSymbolicLink(Second, Directory["c"]);
                break;
        }
    }
}
