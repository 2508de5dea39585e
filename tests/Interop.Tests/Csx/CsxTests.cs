using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Scripts in C#, by the built program and real clients.</summary>
public sealed class CsxTests : IDisposable
{
    private static readonly string Example = Path.Combine(Repository.Root, "examples/csx/ram.csx");

    private readonly TemporaryDirectory _directory = new();

    // What tests compile is of no use to anybody else.
    static CsxTests() => Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(Repository.Root, "artifacts", "test-cache"));

    [Fact]
    public async Task TheExampleServesNbdcopyAndQemuImg()
    {
        var original = SparseImage.Create(_directory["original"], seed: 5);
        await using var server = await SharpNbdProgram.StartAsync("csx", Example, $"size={SparseImage.Size}");

        await Tool.Require("nbdcopy").OutputAsync(original, server.Uri);
        await Tool.Require("qemu-img").OutputAsync("convert", "-f", "raw", "-O", "raw", server.Uri, _directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
        Assert.Equal($"{SparseImage.Size}\n", await Tool.Require("nbdinfo").OutputAsync("--size", server.Uri));
    }

    [Theory]
    [InlineData("disk.cs")]
    [InlineData("disk.csx")]
    public async Task AScriptIsAPluginByItsName(string name)
    {
        File.Copy(Example, _directory[name]);
        var options = new ToolOptions { WorkingDirectory = _directory.Path };

        var result = await SharpNbdProgram.RunAsync(options, name, "size=3M", "--run", "nbdinfo --size \"$uri\"");

        Assert.Equal("3145728\n", result.Expect(0).Output);
    }

    [Fact]
    public async Task AScriptRunsByItsFirstLine()
    {
        var text = (await File.ReadAllTextAsync(Example)).Replace("/usr/bin/sharpnbd", SharpNbdProgram.Path, StringComparison.Ordinal);
        var script = _directory.WriteScript("disk", text);

        var result = await Tool.ExecuteAsync(script, ["size=2M", "--run", "nbdinfo --size \"$uri\""], new ToolOptions());

        Assert.Equal("2097152\n", result.Expect(0).Output);
    }

    [Fact]
    public async Task WhatDoesNotCompileEndsTheStartWithALineForEachError()
    {
        _directory.Write("disk.csx", "class Broken : ScriptDisk\n{\n    public override long Size => siz;\n    int x = \"one\";\n}\n"u8);

        var result = await SharpNbdProgram.RunAsync(new ToolOptions { WorkingDirectory = _directory.Path }, "disk.csx");

        Assert.Equal(
            [
                "sharpnbd: error: csx: disk.csx:1:7: 'Broken' does not implement inherited abstract member 'ScriptDisk.Read(long, Span<byte>)' (CS0534)",
                "sharpnbd: error: csx: disk.csx:3:34: The name 'siz' does not exist in the current context (CS0103)",
                "sharpnbd: error: csx: disk.csx:4:13: Cannot implicitly convert type 'string' to 'int' (CS0029)",
            ],
            result.Expect(1).ErrorLines.Order());
    }

    [Fact]
    public async Task AChangedScriptIsTakenOverByTheOption()
    {
        var script = _directory.Write("disk.csx", System.Text.Encoding.UTF8.GetBytes(Sized(1)));
        await using var server = await SharpNbdProgram.StartAsync("--reload", script);
        Assert.Equal("512\n", await Tool.Require("nbdinfo").OutputAsync("--size", server.Uri));

        File.WriteAllText(script, Sized(20));

        Assert.Equal("10240\n", await Tool.Require("nbdinfo").OutputAsync("--size", server.Uri));
    }

    [Fact]
    public async Task ReloadIsRefusedWhereThereIsNothingToReload()
    {
        var result = await SharpNbdProgram.RunAsync("--reload", "memory", "1M");

        Assert.Contains("unknown parameter 'reload'", Assert.Single(result.Expect(1).ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageShowsTheExample()
        => Assert.Contains(File.ReadAllText(Example), File.ReadAllText(Path.Combine(Repository.Root, "src/Scripting/csx.md")), StringComparison.Ordinal);

    public void Dispose() => _directory.Dispose();

    private static string Sized(int sectors) => $$"""
        class Zeroes : ScriptDisk
        {
            public override long Size => {{sectors}} * 512;
            public override void Read(long offset, Span<byte> buffer) => buffer.Clear();
        }
        """;
}
