using SharpNbd.Abstractions;

namespace SharpNbd.Filters.Tests;

/// <summary>One call of each kind, by the name that parameters have for it.</summary>
internal static class DiskCalls
{
    public static readonly string[] Names = ["pread", "pwrite", "trim", "zero", "extents", "cache", "flush"];

    public static async Task MakeAsync(Disk disk, string name, CancellationToken cancellationToken = default)
    {
        var range = new ByteRange(0, 512);
        await (name switch
        {
            "pread" => disk.ReadAsync(0, new byte[512], cancellationToken),
            "pwrite" => disk.WriteAsync(0, new byte[512], WriteFlags.None, cancellationToken),
            "trim" => disk.TrimAsync(range, WriteFlags.None, cancellationToken),
            "zero" => disk.ZeroAsync(range, ZeroFlags.None, cancellationToken),
            "extents" => disk.GetExtentsAsync(range, new ExtentList(range), cancellationToken),
            "cache" => disk.CacheAsync(range, cancellationToken),
            "flush" => disk.FlushAsync(cancellationToken),
            _ => throw new ArgumentException($"no call {name}", nameof(name)),
        });
    }

    /// <summary>The names of the calls that fail.</summary>
    public static async Task<string[]> FailingAsync(Disk disk)
    {
        var failing = new List<string>();
        foreach (var name in Names)
        {
            if (await Record.ExceptionAsync(() => MakeAsync(disk, name)) is not null)
            {
                failing.Add(name);
            }
        }

        return [.. failing];
    }
}
