using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Partition tables as the programs see them that work with them.</summary>
public sealed class PartitioningTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(1, "mbr")]
    [InlineData(4, "mbr")]
    [InlineData(7, "mbr")]
    [InlineData(1, "gpt")]
    [InlineData(5, "gpt")]
    [InlineData(130, "gpt")]
    public async Task PartitionsLieWhereNbdkitPutsThemAndTheTableIsInOrder(int count, string type)
    {
        string[] arguments = ["partitioning", $"partition-type={type}", "alignment=8K", .. Files(count)];
        var ours = await CopyAsync("ours", await SharpNbdProgram.StartAsync(arguments));
        var theirs = await CopyAsync("theirs", await NbdkitProgram.StartAsync(arguments));

        Assert.Equal(await PartitionsAsync(theirs), await PartitionsAsync(ours));
        Assert.Contains("No errors detected", await Tool.Require("sfdisk").OutputAsync("--verify", ours));
        var parted = (await Tool.Require("parted").RunAsync("--script", "--machine", ours, "unit", "s", "print")).Expect(0);
        Assert.Equal("", parted.Error);
        Assert.Equal(count + (type == "mbr" && count > 4 ? 1 : 0), parted.Output.Split('\n').Count(line => line.Length > 0 && char.IsAsciiDigit(line[0])));
        if (type == "gpt")
        {
            Assert.Contains("No problems found", await Tool.Require("sgdisk").OutputAsync("--verify", ours));
        }
    }

    [Fact]
    public async Task TypesAreThoseInFrontOfEachFile()
    {
        var files = Files(3);
        var mbr = await PartitionsAsync(await CopyAsync("mbr", await SharpNbdProgram.StartAsync(
            "partitioning", "mbr-id=0x82", files[0], "mbr-id=default", files[1], "mbr-id=12", files[2])));
        var gpt = await PartitionsAsync(await CopyAsync("gpt", await SharpNbdProgram.StartAsync(
            "partitioning", "partition-type=gpt", files[0], "type-guid=C12A7328-F81F-11D2-BA4B-00A0C93EC93B", files[1], "type-guid=default", files[2])));

        Assert.Equal(["82", "83", "c"], mbr.Select(partition => partition.Type));
        Assert.Equal(
            ["0FC63DAF-8483-4772-8E79-3D69D8477DE4", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "0FC63DAF-8483-4772-8E79-3D69D8477DE4"],
            gpt.Select(partition => partition.Type));
    }

    [Theory]
    [InlineData("mbr")]
    [InlineData("gpt")]
    public async Task ThePartitionsHoldTheFilesAndTakeWhatIsWritten(string type)
    {
        var files = Files(6);
        await using var server = await SharpNbdProgram.StartAsync(["partitioning", $"partition-type={type}", .. files]);
        var copy = await CopyAsync("copy", server.Uri);
        var disk = File.ReadAllBytes(copy);
        var partitions = (await PartitionsAsync(copy)).Where(partition => partition.Type != "f").ToList();
        foreach (var (file, partition) in files.Zip(partitions))
        {
            var content = File.ReadAllBytes(file);
            Assert.True(content.AsSpan().SequenceEqual(disk.AsSpan((int)partition.Start * 512, content.Length)), $"{file} is not where the table says");
            new Random(7).NextBytes(disk.AsSpan((int)partition.Start * 512, content.Length));
        }

        File.WriteAllBytes(copy, disk);
        await Tool.Require("nbdcopy").OutputAsync("--flush", copy, server.Uri);

        foreach (var (file, partition) in files.Zip(partitions))
        {
            var content = File.ReadAllBytes(file);
            Assert.True(content.AsSpan().SequenceEqual(disk.AsSpan((int)partition.Start * 512, content.Length)), $"{file} has not got what was written");
        }
    }

    public void Dispose() => _directory.Dispose();

    private string[] Files(int count) =>
    [
        .. Enumerable.Range(1, count).Select(number =>
        {
            var content = new byte[(number * 1237) + (number % 3 == 0 ? 0 : 17)];
            new Random(number).NextBytes(content);
            return _directory.Write($"file{number}", content);
        }),
    ];

    private async Task<string> CopyAsync(string name, ServerProgram server)
    {
        await using (server)
        {
            return await CopyAsync(name, server.Uri);
        }
    }

    private async Task<string> CopyAsync(string name, string uri)
    {
        await Tool.Require("nbdcopy").OutputAsync(uri, _directory[name]);
        return _directory[name];
    }

    private static async Task<List<(long Start, long Size, string Type)>> PartitionsAsync(string image)
        => [.. JsonNode.Parse(await Tool.Require("sfdisk").OutputAsync("--json", image))!["partitiontable"]!["partitions"]!.AsArray()
            .Select(partition => ((long)partition!["start"]!, (long)partition["size"]!, (string)partition["type"]!))];
}
