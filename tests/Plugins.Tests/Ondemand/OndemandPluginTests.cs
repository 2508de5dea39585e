using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class OndemandPluginTests : IDisposable
{
    private const string Command = "command=truncate -s $size \"$disk\"";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ADiskIsMadeOnceAndKept()
    {
        await using (var source = await CreateAsync("command=echo made >> " + _directory[".log"] + "; truncate -s $size \"$disk\""))
        {
            await using (var disk = await OpenAsync(source, "one"))
            {
                await disk.WriteAsync(5, new byte[] { 7 }, WriteFlags.None, CancellationToken.None);
            }

            await using var again = await OpenAsync(source, "one");
            Assert.Equal(7, (await PluginRunner.ReadAllAsync(again))[5]);
        }

        await using var later = await CreateAsync("command=exit 1");
        await using var kept = await OpenAsync(later, "one");
        Assert.Equal(7, (await PluginRunner.ReadAllAsync(kept))[5]);
        Assert.Equal("made\n", File.ReadAllText(_directory[".log"]));
    }

    [Fact]
    public async Task TheExportWithoutNameIsDefaultAndAllAreListed()
    {
        await using var source = await CreateAsync(Command);
        await (await OpenAsync(source, "")).DisposeAsync();
        await (await OpenAsync(source, "b:c")).DisposeAsync();
        File.WriteAllText(_directory["not.ours"], "");

        Assert.True(File.Exists(_directory["default"]));
        Assert.Equal(["b:c", "default"], (await source.ListExportsAsync(default, CancellationToken.None)).Select(export => export.Name));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("/etc/passwd")]
    [InlineData("ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé")]
    public async Task ANameThatLeadsElsewhereIsRefused(string name)
    {
        await using var source = await CreateAsync(Command);
        Assert.Equal(NbdError.EINVAL, (await Assert.ThrowsAsync<NbdException>(() => OpenAsync(source, name).AsTask())).Error);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task ASecondClientIsRefusedUntilTheFirstIsGone()
    {
        await using var source = await CreateAsync(Command);
        await using var elsewhere = await CreateAsync(Command);
        var first = await OpenAsync(source, "one");

        foreach (var server in (DiskSource[])[source, elsewhere])
        {
            var failure = await Assert.ThrowsAsync<NbdException>(() => OpenAsync(server, "one").AsTask());
            Assert.Equal("one: the disk is locked by another client", failure.Message);
        }

        await using var other = await OpenAsync(source, "two");
        await first.DisposeAsync();
        await using var next = await OpenAsync(elsewhere, "one");
        Assert.False(next.Capabilities.CanMultiConn);
    }

    [Fact]
    public async Task ASecondClientWaitsWhereItIsToldTo()
    {
        await using var source = await CreateAsync(Command, "wait=true");
        var first = await OpenAsync(source, "one");
        var second = OpenAsync(source, "one").AsTask();

        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task ClientsThatShareSeeOneDisk()
    {
        await using var source = await CreateAsync(Command, "share=true");
        await using var one = await OpenAsync(source, "one");
        await using var other = await OpenAsync(source, "one");

        await one.WriteAsync(5, new byte[] { 7 }, WriteFlags.None, CancellationToken.None);

        Assert.Equal(7, (await PluginRunner.ReadAllAsync(other))[5]);
        Assert.True(one.Capabilities.CanMultiConn);
    }

    [Fact]
    public async Task ACommandThatFailsLeavesNothingBehind()
    {
        await using var source = await CreateAsync("command=echo half > \"$disk\"; echo the reason >&2; exit 1");
        var failure = await Assert.ThrowsAsync<NbdException>(() => OpenAsync(source, "one").AsTask());
        Assert.Equal("the disk could not be made: the command: the reason", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task ADirectoryThatIsNotThereIsNamed()
    {
        var failure = await Assert.ThrowsAsync<ParameterException>(
            () => PluginRunner.CreateAsync(new OndemandPlugin(), "dir=/nonexistent", "size=1M").AsTask());
        Assert.Equal("dir=/nonexistent: there is no such directory", failure.Message);
    }

    private ValueTask<DiskSource> CreateAsync(params string[] words)
        => PluginRunner.CreateAsync(new OndemandPlugin(), [$"dir={_directory.Path}", "size=4096", .. words]);

    private static ValueTask<Disk> OpenAsync(DiskSource source, string name)
        => source.OpenAsync(new OpenRequest { ExportName = name }, CancellationToken.None);
}
