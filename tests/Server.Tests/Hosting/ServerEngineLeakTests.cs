using System.Net.Sockets;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>However connections end, they leave no thread and no descriptor behind.</summary>
[Collection(AloneCollection.Name)]
public sealed class ServerEngineLeakTests
{
    [Fact]
    public async Task ManyConnectionsLeaveNothingBehind()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("/proc is needed to count threads and descriptors");
        }

        var source = new ArraySource(new byte[1 << 20]);
        await using var server = new WireServer(source);
        ServeAll(server);
        await WaitUntilClosedAsync(source);
        var sockets = Sockets();

        for (var i = 0; i < 100; i++)
        {
            ServeAll(server);
        }

        await WaitUntilClosedAsync(source);
        await server.StopAsync();
        Assert.Equal(0, ConnectionThreads());
        Assert.InRange(Sockets(), 0, sockets);
    }

    // Every way to end: leave in the greeting, abort, break the rules, disconnect, vanish in a request, vanish with replies unread.
    private static void ServeAll(WireServer server)
    {
        Action<WireClient>[] scripts =
        [
            client => client.Expect(Wire.Greeting()),
            client => client.Greet().Option(Wire.Abort).ExpectReply(Wire.Abort, Wire.Ack).ExpectEnd(),
            client => client.Greet(0xffff).ExpectEnd(),
            client => client.OpenSimple().Disconnect(),
            client => client.OpenSimple().Send(new byte[28]).ExpectEnd(),
            client => client.OpenSimple().Send([.. Wire.Request(Wire.Write, 1, 0, 1 << 20), .. new byte[1000]]),
            client => client.OpenStructured().Request(Wire.Read, 1, 0, 1 << 20).Request(Wire.Read, 2, 0, 1 << 20).Receive(1),
        ];
        foreach (var script in scripts)
        {
            using var client = new WireClient(new NetworkStream(server.ConnectSocket(), ownsSocket: true));
            script(client);
        }
    }

    private static async Task WaitUntilClosedAsync(ArraySource source)
    {
        // The threads themselves end a moment after the last thing that a test could wait for.
        var deadline = Environment.TickCount64 + 30_000;
        while ((ConnectionThreads() > 0 || source.OpenCount > 0) && Environment.TickCount64 < deadline)
        {
            await Task.Yield();
        }
    }

    private static int ConnectionThreads() => Directory.GetDirectories("/proc/self/task").Count(IsConnectionThread);

    private static bool IsConnectionThread(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("nbd ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has just ended.
            return false;
        }
    }

    // Only those: the test runner opens and closes files of its own.
    private static int Sockets() => new DirectoryInfo("/proc/self/fd").GetFileSystemInfos()
        .Count(descriptor => descriptor.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
