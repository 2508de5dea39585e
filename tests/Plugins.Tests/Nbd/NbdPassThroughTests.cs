using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>What the server can do, and what it is asked to do, is the same with the plugin in front.</summary>
public sealed class NbdPassThroughTests
{
    public static TheoryData<string, DiskCapabilities> Kinds => new()
    {
        { "everything", RecordingDisk.Everything with { BlockSize = new BlockSize(512, 4096, 1 << 20), IsRotational = true } },
        { "nothing", new DiskCapabilities { BlockSize = new BlockSize(1, 4096, 32 << 20) } },
        { "no flush", new DiskCapabilities { CanWrite = true, CanTrim = true, BlockSize = new BlockSize(1, 512, 65536) } },
        { "no multi-conn", RecordingDisk.Everything with { CanMultiConn = false, CanFastZero = false, BlockSize = new BlockSize(1, 4096, 1 << 20) } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task CapabilitiesAreThoseOfTheServer(string kind, DiskCapabilities capabilities)
    {
        var upstream = new ArraySource(new byte[1 << 20]) { OfferedCapabilities = capabilities };
        await using var server = await ListeningServer.StartAsync(upstream);
        await using var disk = await PluginRunner.OpenAsync(new NbdPlugin(), $"socket={server.SocketPath}");

        var found = disk.Capabilities;

        Assert.Equal(capabilities with { CanExtents = true }, found with { CanExtents = true });
        Assert.True(found.CanExtents, kind);
    }

    [Fact]
    public async Task EveryRequestReachesTheServerAsItWas()
    {
        var recording = new RecordingDisk(1 << 20);
        await using var server = await ListeningServer.StartAsync(new StaticSource(recording));
        await using var disk = await PluginRunner.OpenAsync(new NbdPlugin(), $"socket={server.SocketPath}");

        await disk.WriteAsync(512, new byte[10_000], WriteFlags.Fua, CancellationToken.None);
        await disk.WriteAsync(1, new byte[3], WriteFlags.None, CancellationToken.None);
        await disk.ZeroAsync(new ByteRange(0, 4096), ZeroFlags.Fast | ZeroFlags.MayTrim, CancellationToken.None);
        await disk.ZeroAsync(new ByteRange(1, 4096), ZeroFlags.Fua, CancellationToken.None);
        await disk.TrimAsync(new ByteRange(4096, 8192), WriteFlags.Fua, CancellationToken.None);
        await disk.CacheAsync(new ByteRange(0, 100), CancellationToken.None);
        await disk.FlushAsync(CancellationToken.None);
        await disk.ReadAsync(7, new byte[11], CancellationToken.None);

        Assert.Equal(
        [
            "Write 512+10000 flags=1", "Write 1+3 flags=0", "Zero 0+4096 flags=6", "Zero 1+4096 flags=1", "Trim 4096+8192 flags=1",
            "Cache 0+100 flags=0", "Flush 0+0 flags=0", "Read 7+11 flags=0",
        ],
        recording.Calls.Select(call => $"{call}"));
    }

    [Fact]
    public async Task ErrorsKeepTheirNumbersAndWords()
    {
        await using var server = await ListeningServer.StartAsync(new StaticSource(new RecordingDisk(4096)
        {
            Fails = _ => new NbdException(NbdError.ENOSPC, "the disk is full to the brim"),
        }));
        await using var disk = await PluginRunner.OpenAsync(new NbdPlugin(), $"socket={server.SocketPath}");

        var error = await Assert.ThrowsAsync<NbdException>(async () => await disk.WriteAsync(0, new byte[10], WriteFlags.None, CancellationToken.None));
        Assert.Equal((NbdError.ENOSPC, "the disk is full to the brim"), (error.Error, error.Message));
    }

    [Fact]
    public async Task ExportsOfTheServerAreListedAndOpenedByName()
    {
        var upstream = new StaticSource(request => new RecordingDisk(request.ExportName.Length))
        {
            Exports = [new ExportInfo("one", "the first"), new ExportInfo("three")],
        };
        await using var server = await ListeningServer.StartAsync(upstream);
        await using var source = await PluginRunner.CreateAsync(new NbdPlugin(), $"socket={server.SocketPath}", "dynamic-export=true");

        Assert.Equal(upstream.Exports, await source.ListExportsAsync(default, CancellationToken.None));
        await using var disk = await source.OpenAsync(new OpenRequest { ExportName = "three" }, CancellationToken.None);
        Assert.Equal("three", upstream.Requests[^1].ExportName);
        Assert.Equal(5, disk.Size);
    }
}
