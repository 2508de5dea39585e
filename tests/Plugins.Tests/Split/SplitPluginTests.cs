using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class SplitPluginTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task AFileIsNeeded() => await RefusesAsync("file=PATH is missing");

    [Fact]
    public async Task EveryFileThatCannotBeServedIsNamed()
    {
        var e = await Assert.ThrowsAsync<ParameterException>(
            async () => await PluginRunner.CreateAsync(new SplitPlugin(), $"file={_directory["a"]}", $"file={_directory.Path}", "file=/dev/null"));

        Assert.Equal(3, e.Errors.Count);
        Assert.Equal($"file={_directory["a"]}: No such file or directory", e.Errors[0]);
        Assert.StartsWith($"file={_directory.Path}: this is a directory", e.Errors[1], StringComparison.Ordinal);
        Assert.StartsWith("file=/dev/null: neither", e.Errors[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWriteAcrossFilesReachesEachOfThem()
    {
        string[] files = [_directory.Write("a", new byte[3]), _directory.Write("b", new byte[2]), _directory.Write("c", new byte[3])];
        await using var source = await PluginRunner.CreateAsync(new SplitPlugin(), [.. files.Select(file => $"file={file}")]);
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);

        await disk.WriteAsync(2, new byte[] { 1, 2, 3, 4 }, WriteFlags.None, CancellationToken.None);

        Assert.Equal([0, 0, 1], File.ReadAllBytes(files[0]));
        Assert.Equal([2, 3], File.ReadAllBytes(files[1]));
        Assert.Equal([4, 0, 0], File.ReadAllBytes(files[2]));
    }

    [Fact]
    public async Task AFileThatVanishesBeforeAClientComesIsNamedToIt()
    {
        var (first, second) = (_directory.Write("a", new byte[1]), _directory.Write("b", new byte[1]));
        await using var source = await PluginRunner.CreateAsync(new SplitPlugin(), $"file={first}", $"file={second}");
        File.Delete(second);

        var e = await Assert.ThrowsAsync<NbdException>(async () => await source.OpenAsync(new OpenRequest(), CancellationToken.None));

        Assert.Equal("cannot open b: No such file or directory", e.Message);
    }

    public void Dispose() => _directory.Dispose();

    private static async Task RefusesAsync(string expected)
    {
        var e = await Assert.ThrowsAsync<ParameterException>(
            async () => await new SplitPlugin().CreateAsync([], new ComponentContext(NullLogger.Instance, TimeProvider.System), CancellationToken.None));
        Assert.Contains(expected, Assert.Single(e.Errors), StringComparison.Ordinal);
    }
}
