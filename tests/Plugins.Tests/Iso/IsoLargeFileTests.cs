using System.Buffers.Binary;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class IsoLargeFileTests : IsoTest
{
    private const int Block = 2048;

    /// <summary>ECMA-119, 9.1: a record tells 4 GiB at most, so that a longer file has several.</summary>
    [Fact]
    public async Task AFileOfNineGibibytesIsOneRowOfSections()
    {
        const long Size = (9L << 30) + 5;
        using (var file = File.Create(Path.Combine(Tree, "big")))
        {
            file.SetLength(Size - 3);
            file.Position = Size - 3;
            file.Write("END"u8);
        }

        await using var disk = await PluginRunner.OpenAsync(new IsoPlugin(), $"dir={Tree}");
        var sections = await SectionsAsync(disk, "BIG.;1");

        Assert.Equal([true, true, false], sections.Select(section => section.MoreFollows));
        Assert.Equal(Size, sections.Sum(section => section.Length));
        Assert.All(sections.Zip(sections.Skip(1)), pair => Assert.Equal(pair.First.Offset + pair.First.Length, pair.Second.Offset));
        Assert.Equal("END"u8.ToArray(), await ReadAsync(disk, sections[^1].Offset + sections[^1].Length - 3, 3));
    }

    private static async Task<List<(long Offset, long Length, bool MoreFollows)>> SectionsAsync(Disk disk, string identifier)
    {
        var descriptor = await ReadAsync(disk, 16 * Block, Block);
        var directory = await ReadAsync(disk, (long)BinaryPrimitives.ReadUInt32LittleEndian(descriptor.AsSpan(158)) * Block, Block);
        var sections = new List<(long, long, bool)>();
        for (var at = 0; directory[at] != 0; at += directory[at])
        {
            var record = directory.AsSpan(at, directory[at]);
            if (record.Slice(33, record[32]).SequenceEqual(FileName.ToBytes(identifier)))
            {
                sections.Add((
                    (long)BinaryPrimitives.ReadUInt32LittleEndian(record[2..]) * Block, BinaryPrimitives.ReadUInt32LittleEndian(record[10..]), (record[25] & 0x80) != 0));
            }
        }

        return sections;
    }

    private static async Task<byte[]> ReadAsync(Disk disk, long offset, int length)
    {
        var buffer = new byte[length];
        await disk.ReadAsync(offset, buffer, CancellationToken.None);
        return buffer;
    }
}
