using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>What cannot be loaded is one line and status 1; what is wrong in an assembly, the tests of the loader show.</summary>
public sealed class ExternErrorTests(ExternParts parts) : IClassFixture<ExternParts>
{
    [Theory]
    [InlineData("./missing.dll", "missing.dll': there is no such file")]
    [InlineData("missing.dll", "missing.dll': there is no such file")]
    [InlineData("./directory", "directory': this is a directory, and the .dll file in it is needed")]
    [InlineData("./text.dll", "text.dll': this is not a .NET assembly")]
    [InlineData("./empty.dll", "empty.dll': this is not a .NET assembly")]
    [InlineData("./windows.dll", "windows.dll': this is not a .NET assembly")]
    public async Task AFileThatCannotBeLoadedIsNamed(string file, string complaint)
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["directory"]);
        File.WriteAllText(directory["text.dll"], "This is not an assembly.");
        File.WriteAllText(directory["empty.dll"], "");
        File.WriteAllText(directory["windows.dll"], "MZ\x90" + new string('\0', 500));

        await AssertOneLineAsync($"plugin '{directory.Path}/{complaint}", directory.Path, file, "1M");
        await AssertOneLineAsync($"filter '{directory.Path}/{complaint}", directory.Path, $"--filter={file}", "memory", "1M");
    }

    [Fact]
    public async Task APluginOfNbdkitItselfIsToldApart()
    {
        var nbdkit = Tool.Require("nbdkit");
        var directory = (await nbdkit.OutputAsync("--dump-config")).Split('\n').Single(line => line.StartsWith("plugindir=", StringComparison.Ordinal))[10..];
        var file = $"{directory}/nbdkit-memory-plugin.so";

        await AssertOneLineAsync($"plugin '{file}': this is a native library, such as those of nbdkit, and a .NET assembly is needed", "/", file, "1M");
    }

    [Fact]
    public async Task TheOtherKindIsToldApart()
    {
        await AssertOneLineAsync($"plugin '{parts.Filter}': there is no public plugin in it, but a filter, Flip", "/", parts.Filter);
        await AssertOneLineAsync($"filter '{parts.Plugin}': there is no public filter in it, but a plugin, OffsetDisk", "/", $"--filter={parts.Plugin}", "memory", "1M");
    }

    [Fact]
    public async Task AnUnknownParameterIsThatOfThePlugin()
        => await AssertOneLineAsync("unknown parameter 'sise'; did you mean size= of offsetdisk? (offsetdisk accepts size)", "/", parts.Plugin, "sise=1M");

    [Fact]
    public async Task WhatThePluginThrowsIsOneLine()
    {
        using var directory = new TemporaryDirectory();
        var file = CSharpCompiler.Compile(
            directory["Bad.dll"], ExternCode.Plugin("Bad").Replace("=> new(new BadSource(options))", """=> throw new InvalidOperationException("not today")""", StringComparison.Ordinal));

        await AssertOneLineAsync("bad: InvalidOperationException: not today", "/", file, "1M");
    }

    private static async Task AssertOneLineAsync(string complaint, string directory, params string[] arguments)
    {
        var result = await SharpNbdProgram.RunAsync(new ToolOptions { WorkingDirectory = directory }, [.. arguments, "--run", "true"]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"sharpnbd: error: {complaint}", Assert.Single(result.ErrorLines));
    }
}
