using SharpNbd.TestKit;

namespace SharpNbd.Scripting.Tests;

public sealed class CsxPluginTests : IAsyncLifetime
{
    private readonly ScriptRun _run = new();

    [Fact]
    public void ItsPageAgreesWithWhatItDeclares() => Assert.Empty(ComponentPage.Complaints(new CsxPlugin(), "src/Scripting"));

    [Fact]
    public async Task ADiskIsOneObjectForAllClientsAndHasParameters()
    {
        File.Copy(Path.Combine(Repository.Root, "examples/csx/ram.csx"), _run.Directory["disk.csx"]);
        await _run.StartAsync(("size", "1M"));

        using (var client = _run.Connect())
        {
            client.Write(1, 0, [42]).ExpectSimple(1).Disconnect();
        }

        Assert.Equal(42, _run.ReadFirst());
    }

    [Fact]
    public async Task ASourceOpensADiskForEachClient()
    {
        _run.Write("disk.csx", """
            namespace Mine;

            public sealed class Counting : DiskSource
            {
                int _count;

                public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new One(++_count));
            }

            sealed class One(int value) : ScriptDisk
            {
                public override long Size => 512;

                public override void Read(long offset, Span<byte> buffer) => buffer.Fill((byte)value);
            }
            """);
        await _run.StartAsync();

        Assert.Equal((1, 2), (_run.ReadFirst(), _run.ReadFirst()));
    }

    [Fact]
    public async Task AWholePluginMayBeAScript()
    {
        _run.Write("disk.csx", File.ReadAllText(Path.Combine(Repository.Root, "tests/Plugins.Tests/Documentation/ConstantExample.cs")).Split("public sealed class ConstantContractTests")[0]
            .Replace("using SharpNbd.TestKit;", "", StringComparison.Ordinal));
        await _run.StartAsync(("size", "1k"), ("byte", "9"));

        Assert.Equal(9, _run.ReadFirst());
    }

    [Fact]
    public async Task ItLoadsOtherFilesAndUsesAssembliesOfTheUser()
    {
        File.Copy(typeof(Xunit.Assert).Assembly.Location, _run.Directory["mine.dll"]);
        _run.Write("more.csx", "static class More { public static byte Value => (byte)typeof(Xunit.Assert).Name.Length; }");
        _run.Write("disk.csx", "#!/usr/bin/sharpnbd csx\n#load \"more.csx\"\n#r \"mine.dll\"\n" + ScriptRun.Constant(0).Replace("Fill(0)", "Fill(More.Value)", StringComparison.Ordinal));
        await _run.StartAsync();

        Assert.Equal("Assert".Length, _run.ReadFirst());
    }

    [Fact]
    public async Task EveryErrorIsALineWithItsPlace()
    {
        _run.Write("more.csx", "class More { int x = \"one\"; }");
        _run.Write("disk.csx", "#!/usr/bin/sharpnbd csx\n  #load \"more.csx\"\nclass Broken : ScriptDisk { public override long Size => siz; }");

        var errors = await _run.FailAsync();

        Assert.Equal(3, errors.Count);
        Assert.Contains("disk.csx:3:58: The name 'siz' does not exist in the current context (CS0103)", errors);
        Assert.Contains("more.csx:1:22: Cannot implicitly convert type 'string' to 'int' (CS0029)", errors);
    }

    [Theory]
    [InlineData("#load \"nowhere.csx\"", "disk.csx:1:1: Could not find file 'nowhere.csx'.")]
    [InlineData("#r \"nuget: Some, 1.0\"", "disk.csx:1:1: #r takes the path of a .dll; all of the framework is there without it")]
    [InlineData("class Nothing;", "disk.csx: there is no class in it that makes a disk; one that derives from ScriptDisk or Disk is needed")]
    [InlineData("Console.WriteLine();", "disk.csx:1:1: Program using top-level statements must be an executable. (CS8805)")]
    public async Task WhatIsNoScriptIsTold(string script, string error)
    {
        _run.Write("disk.csx", script);

        Assert.Equal([error], await _run.FailAsync());
    }

    [Fact]
    public async Task TwoDisksAreOneTooMany()
    {
        _run.Write("disk.csx", ScriptRun.Constant(1) + ScriptRun.Constant(1).Replace("Constant", "Other", StringComparison.Ordinal));

        Assert.Equal(["disk.csx: one class has to make the disk, and there are Constant, Other"], await _run.FailAsync());
    }

    [Fact]
    public async Task UnknownParametersAreTold()
    {
        File.Copy(Path.Combine(Repository.Root, "examples/csx/ram.csx"), _run.Directory["disk.csx"]);

        Assert.Equal(["unknown parameter 'siz' (disk.csx accepts size)"], await _run.FailAsync(("siz", "1M")));
        Assert.Equal(["the parameter size=SIZE is missing: Size of the disk, for example 1M."], await _run.FailAsync());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();
}
