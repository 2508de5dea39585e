using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>An image with a few islands of data in a sea of holes.</summary>
internal static class SparseImage
{
    public const int Size = 64 << 20;

    public static string Create(string path, int seed, int size = Size)
    {
        (int Offset, int Length)[] islands =
            [(0, 65536), (size / 8, size / 64), (size / 2 + 4096, 131072), (size - 65536, 65536)];
        var random = new Random(seed);
        using var file = File.Create(path);
        file.SetLength(size);
        foreach (var (offset, length) in islands)
        {
            var data = new byte[length];
            random.NextBytes(data);
            file.Position = offset;
            file.Write(data);
        }

        file.Flush(flushToDisk: true);
        return path;
    }

    /// <summary>How many 512-byte blocks the host's file system has allocated for a file.</summary>
    public static async Task<long> AllocatedBlocksAsync(string path)
    {
        await Tool.Require("sync").OutputAsync(path);
        return long.Parse(await Tool.Require("stat").OutputAsync("-c", "%b", path), CultureInfo.InvariantCulture);
    }

    public static async Task AssertSameContentAsync(string expected, string actual)
        => (await Tool.Require("cmp").RunAsync(expected, actual)).Expect(0);
}
