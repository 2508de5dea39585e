using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Random mixes of requests, many at once, every block carrying a checksum that is verified.</summary>
public sealed class FioTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public Task AShortRandomMixVerifies(string kind) => RunAsync(kind, "8M", jobs: 1, loops: 1);

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    [Trait("Category", "Slow")]
    public Task ALongRandomMixOnSeveralConnectionsVerifies(string kind) => RunAsync(kind, "48M", jobs: 4, loops: 3);

    private static async Task RunAsync(string kind, string size, int jobs, int loops)
    {
        var fio = Tool.Require("fio");
        using var directory = new TemporaryDirectory();
        await using var server = await DiskServer.StartAsync(kind, 256 << 20);

        var options = new ToolOptions { WorkingDirectory = directory.Path, Timeout = TimeSpan.FromMinutes(5) };
        var result = await fio.RunAsync(
            options,
            "--name=mix",
            "--ioengine=nbd",
            $"--uri={server.Uri}",
            "--rw=randrw",
            "--bsrange=512-128k",
            "--bs_unaligned=1",
            $"--size={size}",
            $"--offset_increment={size}",
            $"--numjobs={jobs}",
            $"--loops={loops}",
            "--iodepth=16",
            "--verify=crc32c",
            "--verify_fatal=1",
            "--verify_state_save=0",
            "--do_verify=1",
            "--group_reporting",
            "--output-format=json");

        var output = result.Expect(0).Output;
        var job = JsonNode.Parse(output[output.IndexOf('{')..])!["jobs"]![0]!;
        Assert.Equal(0, (int)job["error"]!);
        Assert.True((long)job["write"]!["total_ios"]! > 50);
        Assert.True((long)job["read"]!["total_ios"]! > 50);
        await server.Program.StopAsync();
        Assert.DoesNotContain(server.Program.Errors.Lines, line => line.Contains("error", StringComparison.Ordinal));
    }
}
