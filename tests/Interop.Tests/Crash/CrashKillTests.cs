using System.Globalization;
using System.Text.RegularExpressions;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// A server that is killed under load has lost nothing that it had acknowledged: not in buffers of its own, not in a batch of
/// replies, not in the log. (What the kernel holds survives the process; that it is asked to write it out before a reply is what
/// StableStorageTests and CrashTraceTests show.)
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class CrashKillTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Set to the seed that a failure names, it repeats the load and the moments.</summary>
    private const string SeedVariable = "SHARPNBD_CRASH_SEED";

    private const int Connections = 4;
    private const int Rounds = 4;

    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("file")]
    [InlineData("file", "cache=none")]
    public async Task NothingThatWasAcknowledgedIsLost(params string[] plugin)
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"{SeedVariable}={seed}");
        var disk = DiskServer.Sparse(_directory["disk"], Connections * CrashLoad.RegionSize);
        var random = new Random(seed);
        var loads = Enumerable.Range(0, Connections).Select(index => new CrashLoad(index, random.Next())).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var log = _directory[$"log{round}"];
            await using (var server = await SharpNbdProgram.StartAsync(["--filter=log", .. plugin, disk, $"logfile={log}"]))
            {
                await KillUnderLoadAsync(server, loads, random.Next(100, 2000));
            }

            var content = await File.ReadAllBytesAsync(disk);
            foreach (var load in loads)
            {
                load.AssertNothingIsLost(content, $"{SeedVariable}={seed}, round {round}");
            }

            AssertLogged(log, loads.Sum(load => load.Acknowledged), $"{SeedVariable}={seed}, round {round}");
        }
    }

    public void Dispose() => _directory.Dispose();

    // The moment is when so many replies have come, on all connections together: others are under way then, in every state.
    private static async Task KillUnderLoadAsync(ServerProgram server, CrashLoad[] loads, int moment)
    {
        var replies = 0;
        void Count()
        {
            if (Interlocked.Increment(ref replies) == moment)
            {
                ProcessSignal.Send(server.ProcessId, Signal.Kill);
            }
        }

        await Task.WhenAll(loads.Select(load => Task.Factory.StartNew(() => load.Run(server.SocketPath, Count), TaskCreationOptions.LongRunning)));
        await server.WaitForExitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The log never lacks what a client has been told, as log.md says.</summary>
    private static void AssertLogged(string log, long acknowledged, string which)
    {
        var done = File.ReadLines(log).Count(line => Done().IsMatch(line));
        Assert.True(done >= acknowledged, $"{acknowledged} requests were acknowledged and only {done} are in the log ({which})");
    }

    [GeneratedRegex(@"^\S+ \S+ connection=\d+ \.\.\.(Write|Flush) id=\d+ return=0$")]
    private static partial Regex Done();
}
