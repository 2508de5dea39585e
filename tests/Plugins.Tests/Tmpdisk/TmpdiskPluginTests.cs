using System.Buffers.Binary;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class TmpdiskPluginTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("type=ext2")]
    [InlineData("type=ext4", "label=scratch")]
    public async Task AConnectionFindsANewFileSystem(params string[] words)
    {
        Tool.Require("mke2fs");
        await using var source = await PluginRunner.CreateAsync(new TmpdiskPlugin(), ["size=4M", .. words]);
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);

        // The superblock of ext2 and its heirs begins at 1024; the magic number lies 56 bytes into it, the label 120.
        var superblock = new byte[1024];
        await disk.ReadAsync(1024, superblock, CancellationToken.None);
        Assert.Equal(4 << 20, disk.Size);
        Assert.Equal(0xef53, BinaryPrimitives.ReadUInt16LittleEndian(superblock.AsSpan(56)));
        Assert.Equal(words.Length > 1 ? "scratch" : "", System.Text.Encoding.ASCII.GetString(superblock, 120, 16).TrimEnd('\0'));
    }

    [Fact]
    public async Task EachConnectionHasItsOwnDisk()
    {
        await using var source = await PluginRunner.CreateAsync(new TmpdiskPlugin(), "size=4096", "command=truncate -s $size \"$disk\"");
        await using var one = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        await using var other = await source.OpenAsync(new OpenRequest(), CancellationToken.None);

        await one.WriteAsync(0, new byte[] { 1 }, WriteFlags.Fua, CancellationToken.None);

        Assert.Equal(1, (await PluginRunner.ReadAllAsync(one))[0]);
        Assert.Equal(0, (await PluginRunner.ReadAllAsync(other))[0]);
        Assert.False(one.Capabilities.CanMultiConn);
    }

    [Fact]
    public async Task TheCommandFindsWhatTheUserHasNamedAndNothingIsLeftOfItsDirectory()
    {
        await using var disk = await PluginRunner.OpenAsync(
            new TmpdiskPlugin(), "size=4k", "type=any", "label=x y", "mine=a b", $"command=echo \"$size,$type,$label,$mine,$disk\" > {_directory["log"]}; echo hello > \"$disk\"");

        var words = File.ReadAllText(_directory["log"]).Trim().Split(',');
        Assert.Equal(["4096", "any", "x y", "a b"], words[..4]);
        Assert.Equal("hello\n"u8.ToArray(), await PluginRunner.ReadAllAsync(disk));
        Assert.False(Directory.Exists(Path.GetDirectoryName(words[4])), "the directory is still there");
    }

    [Theory]
    [InlineData("the disk could not be made: the command: no space", "command=echo hello >&2; echo no space >&2; exit 1")]
    [InlineData("the disk could not be made: the command: ended with status 3", "command=exit 3")]
    [InlineData("the disk could not be made: the command: was killed by signal 9", "command=kill -9 $$")]
    [InlineData("the disk could not be made: the command has left nothing at $disk", "command=exit 0")]
    public async Task ACommandThatFailsRefusesTheConnectionWithItsReason(string message, string command)
    {
        await using var source = await PluginRunner.CreateAsync(new TmpdiskPlugin(), "size=4096", command);
        var failure = await Assert.ThrowsAsync<NbdException>(() => source.OpenAsync(new OpenRequest(), CancellationToken.None).AsTask());
        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task ACommandThatHangsIsKilledWithItsChildrenWhenTheClientIsGone()
    {
        using var running = new Fifo(_directory["running"]);
        await using var source = await PluginRunner.CreateAsync(
            new TmpdiskPlugin(), "size=4096", $"command=echo \"$disk\" > {running.Path}; sleep 1000; exit 0");
        using var gone = new CancellationTokenSource();
        var open = source.OpenAsync(new OpenRequest(), gone.Token).AsTask();
        var path = await running.ReadLineAsync();

        gone.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)), "the directory is still there");
    }

    [Theory]
    [InlineData("the parameter size=SIZE is missing: Size of each disk; for command= only a wish, but needed.")]
    [InlineData("unknown parameter 'lable': only command= takes further parameters, as variables of the shell", "size=1M", "lable=x")]
    [InlineData("'my-key' cannot be a variable of the command: letters, digits and _ are needed, and none of disk, size, type, label", "size=1M", "command=x", "my-key=x")]
    public async Task WrongParametersAreNamed(string message, params string[] words)
    {
        var failure = await Assert.ThrowsAsync<ParameterException>(() => PluginRunner.CreateAsync(new TmpdiskPlugin(), words).AsTask());
        Assert.Equal(message, failure.Message);
    }
}
