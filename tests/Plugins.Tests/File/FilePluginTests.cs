using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

public sealed class FilePluginTests : FileTest
{
    [Fact]
    public Task NothingToServeIsRefused() => RefusesAsync("one of file=PATH, dir=DIRECTORY, fd=N and dirfd=N is needed");

    [Fact]
    public Task TwoThingsToServeAreRefused()
        => RefusesAsync("file= and dir= cannot be used together", $"file={Sparse(Directory["a"], 1)}", $"dir={Directory.Path}");

    [Fact]
    public Task AFileThatIsNotThereIsNamed() => RefusesAsync($"file={Directory["a"]}: No such file or directory", $"file={Directory["a"]}");

    [Fact]
    public Task ADirectoryIsNotServedAsAFile() => RefusesAsync($"use dir={Directory.Path}", $"file={Directory.Path}");

    [Fact]
    public Task ADeviceThatIsNoDiskIsNotServed() => RefusesAsync("neither a regular file nor a block device", "file=/dev/null");

    [Fact]
    public Task ADirectoryThatIsNotThereIsNamed() => RefusesAsync($"dir={Directory["a"]}: No such file or directory", $"dir={Directory["a"]}");

    [Fact]
    public Task AFileIsNotServedAsADirectory()
        => RefusesAsync($"use file={Directory["a"]}", $"dir={Sparse(Directory["a"], 1)}");

    [Fact]
    public Task AnUnknownCacheModeIsRefused()
        => RefusesAsync("default, none", $"file={Sparse(Directory["a"], 1)}", "cache=some");

    [Fact]
    public Task AnUnknownAccessPatternIsRefused()
        => RefusesAsync("normal, random, sequential", $"file={Sparse(Directory["a"], 1)}", "fadvise=some");

    [Theory]
    [InlineData("fd")]
    [InlineData("dirfd")]
    public Task AStandardStreamIsNotServed(string parameter) => RefusesAsync("3 or more is needed", $"{parameter}=2");

    [Theory]
    [InlineData("fd")]
    [InlineData("dirfd")]
    public Task ADescriptorThatIsNotOpenIsNamed(string parameter)
        => RefusesAsync($"{parameter}=1000000: Bad file descriptor", $"{parameter}=1000000");

    [Fact]
    public async Task AFileAndADirectoryAreToldApartByDescriptor()
    {
        using var file = File.OpenHandle(Sparse(Directory["a"], 1));
        using var directory = InheritedDescriptor.Open(Directory.Path);

        await RefusesAsync("use fd=", $"dirfd={InheritedDescriptor.Number(file)}");
        await RefusesAsync("use dirfd=", $"fd={InheritedDescriptor.Number(directory)}");
    }

    private async Task RefusesAsync(string expected, params string[] parameters)
    {
        var error = Assert.Single((await Assert.ThrowsAsync<ParameterException>(() => CreateSourceAsync(parameters))).Errors);

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }
}
