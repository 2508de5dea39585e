using System.Buffers.Binary;
using System.Text;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class FloppyPluginTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();

    [Fact]
    public Task ADirectoryThatIsNotThereIsNamed()
        => RefusesAsync($"dir={_directory["a"]}: No such file or directory", $"dir={_directory["a"]}");

    [Fact]
    public Task AFileIsNoDirectory() => RefusesAsync($"dir={Write("a")}: Not a directory", $"dir={_directory["a"]}");

    [Fact]
    public async Task AFileOfFourGigabytesIsRefusedByName()
    {
        using (var file = File.Create(_directory["large.img"]))
        {
            file.SetLength(1L << 32);
        }

        await RefusesAsync($"'{_directory["large.img"]}' has 4294967296 bytes, and a file on FAT is smaller than 4 GiB", $"dir={_directory.Path}");
    }

    [Fact]
    public async Task TheLargestFileThatFatCanHoldIsServed()
    {
        using (var file = File.Create(_directory["large.img"]))
        {
            file.SetLength((1L << 32) - 1);
        }

        await using var disk = await OpenAsync($"dir={_directory.Path}");
        Assert.True(disk.Size > 1L << 32);
    }

    [Theory]
    [InlineData("label=twelve chars", "at most 11 ASCII")]
    [InlineData("label=ü", "at most 11 ASCII")]
    [InlineData("label=a/b", "at most 11 ASCII")]
    [InlineData("fat=8", "12, 16, 32")]
    [InlineData("size=1M", "need a disk of at least")]
    [InlineData("size=0", "need a disk of at least")]
    [InlineData("size=3T", "no FAT32 disk has this size")]
    public async Task WhatCannotBeIsRefused(string parameter, string expected)
    {
        Write("a");
        await RefusesAsync(expected, $"dir={_directory.Path}", parameter);
    }

    [Fact]
    public async Task WhatDoesNotFitSaysHowMuchIsNeeded()
    {
        _directory.Write("a", new byte[2 << 20]);
        var e = await Assert.ThrowsAsync<ParameterException>(() => OpenAsync($"dir={_directory.Path}", "size=3M"));
        var needed = long.Parse(System.Text.RegularExpressions.Regex.Match(e.Message, "at least ([0-9]+) bytes").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        await using var disk = await OpenAsync($"dir={_directory.Path}", $"size={needed}");

        Assert.Equal(needed, disk.Size);
    }

    [Fact]
    public async Task DirectoriesAreMergedAndAFileThatIsInTwoIsRefused()
    {
        Directory.CreateDirectory(_directory["one/sub"]);
        Directory.CreateDirectory(_directory["two/sub"]);
        Write("one/sub/a");
        Write("two/sub/b");
        string[] parameters = [$"dir={_directory["one"]}", $"dir={_directory["two"]}"];
        await using (await OpenAsync(parameters))
        {
        }

        Write("two/sub/a");

        await RefusesAsync($"dir={_directory["two"]}: '{_directory["two/sub/a"]}' is in another dir= too", parameters);
    }

    [Fact]
    public async Task WhatFatCannotHoldIsLeftOutWithOneWarningThatCounts()
    {
        Write("a");
        File.CreateSymbolicLink(_directory["link"], "a");
        File.CreateSymbolicLink(_directory["other"], "nowhere");
        using var pipe = new Fifo(_directory["pipe"]);

        await using var disk = await OpenAsync($"dir={_directory.Path}");

        Assert.Equal(["Warning: left out, for FAT has no such thing: 2 symbolic links, 1 devices, sockets and pipes"], _logger.Messages);
    }

    [Fact]
    public async Task NamesThatFatCannotHoldAreChangedWithOneWarning()
    {
        Write("A");
        Write("a");
        Write("what?");
        Write("blank ");

        await using var disk = await OpenAsync($"dir={_directory.Path}");

        var line = Assert.Single(_logger.Messages);
        Assert.StartsWith("Warning: 3 names that FAT does not allow", line, StringComparison.Ordinal);
        Assert.EndsWith($"the first is {_directory["a"]}, now 'a~2'", line, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreNamesThanADirectoryHoldsAreRefused()
    {
        var directory = new FloppyDirectory("", "the root", null, DateTime.UnixEpoch);
        directory.Children.AddRange(Enumerable.Range(0, 33_000).Select(number => new FloppyFile($"{number} has a long name", 0, default)));
        ShortNames.Assign(directory.Children);

        var e = Assert.Throws<ParameterException>(() => FloppyImage.Build(directory, new FloppyOptions { Directories = [] }));

        Assert.Contains("the root has 33000 files, whose names take 99001 entries, and a directory on FAT has 65536", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvenASmallTreeHasSoManyClustersThatItIsFat32()
    {
        Write("a");
        await using var disk = await OpenAsync($"dir={_directory.Path}");

        var boot = await ReadAsync(disk, 2048 * 512, 512);

        var sectors = BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(32)) - BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(14))
            - (2 * BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(36)));
        Assert.True(sectors / boot[13] >= 65525, $"{sectors} sectors are too few");
        Assert.Equal(0x0c, (await ReadAsync(disk, 450, 1))[0]);
        Assert.Equal("FAT32   ", Encoding.ASCII.GetString(boot, 82, 8));
    }

    [Fact]
    public async Task AFileThatChangesGivesErrorsForItsRangeOnly()
    {
        var content = Enumerable.Repeat((byte)'x', 5000).ToArray();
        var path = _directory.Write("a", content);
        _directory.Write("b", content);
        await using var disk = await OpenAsync($"dir={_directory.Path}");
        var all = await ReadAsync(disk, 0, (int)disk.Size);
        var first = all.AsSpan().IndexOf(content);

        File.WriteAllBytes(path, new byte[4000]);

        var e = await Assert.ThrowsAsync<NbdException>(() => ReadAsync(disk, first, 512));
        Assert.Equal(NbdError.EIO, e.Error);
        await Assert.ThrowsAsync<NbdException>(() => ReadAsync(disk, first + 4999, 1));
        Assert.Equal(all[..first], await ReadAsync(disk, 0, first));
        Assert.Equal(content, await ReadAsync(disk, first + 5120, 5000));
        Assert.StartsWith($"Warning: {path} is no longer", Assert.Single(_logger.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameTreeGivesTheSameDisk()
    {
        Write("a");
        string[] parameters = [$"dir={_directory.Path}", "size=1440K", "mbr=no"];
        await using var one = await OpenAsync(parameters);
        await using var other = await OpenAsync(parameters);

        Assert.Equal(await PluginRunner.ReadAllAsync(one), await PluginRunner.ReadAllAsync(other));
    }

    public void Dispose() => _directory.Dispose();

    private string Write(string name) => _directory.Write(name, "content"u8);

    private async Task<Disk> OpenAsync(params string[] parameters)
    {
        var source = await PluginRunner.CreateAsync(new FloppyPlugin(), _logger, parameters);
        return await source.OpenAsync(new OpenRequest(), CancellationToken.None);
    }

    private static async Task<byte[]> ReadAsync(Disk disk, long offset, int length)
    {
        var buffer = new byte[length];
        await disk.ReadAsync(offset, buffer, CancellationToken.None);
        return buffer;
    }

    private async Task RefusesAsync(string expected, params string[] parameters)
    {
        var e = await Assert.ThrowsAsync<ParameterException>(() => OpenAsync(parameters));
        var error = Assert.Single(e.Errors);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }
}
