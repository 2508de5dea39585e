using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class AllocationTests
{
    /// <summary>A request that is answered at once must leave nothing for the garbage collector.</summary>
    [Theory]
    [InlineData("memory", "size=1T")]
    [InlineData("data", "data=1 2 3 @1G 4")]
    [InlineData("null", "size=1T")]
    [InlineData("ones", "size=1T")]
    [InlineData("pattern", "size=1T")]
    public async Task RequestsTakeNoManagedMemory(string plugin, string parameter)
    {
        await using var disk = await PluginRunner.OpenAsync(BuiltInPlugins.All.Single(candidate => candidate.Name == plugin), parameter);
        var buffer = new byte[10_000];
        var range = new ByteRange(100_000, 500_000);
        var extents = new ExtentList(range);
        MakeRequests(disk, buffer, extents);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            MakeRequests(disk, buffer, extents);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void MakeRequests(Disk disk, byte[] buffer, ExtentList extents)
    {
        const int offset = 123_456;
        Ended(disk.ReadAsync(offset, buffer, CancellationToken.None));
        if (disk.Capabilities.CanWrite)
        {
            Ended(disk.WriteAsync(offset, buffer, WriteFlags.Fua, CancellationToken.None));
            Ended(disk.ReadAsync(offset, buffer, CancellationToken.None));
            Ended(disk.FlushAsync(CancellationToken.None));
            Ended(disk.ZeroAsync(new ByteRange(offset, 6000), ZeroFlags.None, CancellationToken.None));
            Ended(disk.TrimAsync(extents.Range, WriteFlags.None, CancellationToken.None));
        }

        extents.Reset(extents.Range, firstOnly: false);
        Ended(disk.GetExtentsAsync(extents.Range, extents, CancellationToken.None));
        Ended(disk.CacheAsync(extents.Range, CancellationToken.None));
    }

    private static void Ended(ValueTask request)
    {
        if (!request.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("the request did not end at once");
        }
    }
}
