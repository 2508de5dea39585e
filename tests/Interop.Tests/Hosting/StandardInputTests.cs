using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary><c>-s</c>: one client on standard input and output.</summary>
public sealed class StandardInputTests
{
    [Fact]
    public async Task LibnbdServesItselfOverASocket()
    {
        var script = $"""
            h.connect_command(["{SharpNbdProgram.Path}", "-s", "memory", "7M"])
            assert h.get_size() == 7 << 20
            h.pwrite(b"x" * 1000000, 512)
            assert h.pread(1000000, 512) == b"x" * 1000000
            h.shutdown()
            """;

        await (await Tool.RequireNbdshAsync()).OutputAsync("-c", script);
    }

    [Fact]
    public async Task AClientOverPipesIsServedAndTheServerEndsBehindIt()
    {
        using var directory = new TemporaryDirectory();
        byte[] requests =
        [
            .. Wire.U32(3), .. Wire.Option(Wire.ExportName, []), .. Wire.WriteRequest(1, 0, Wire.Filled(100_000, 0x41)),
            .. Wire.Request(Wire.Read, 2, 0, 100_000), .. Wire.Request(Wire.Disconnect, 3, 0, 0),
        ];
        File.WriteAllBytes(directory["requests"], requests);
        var script = $"set -o pipefail; "
            + $"cat '{directory["requests"]}' | '{SharpNbdProgram.Path}' -s memory 1M | cat > '{directory["replies"]}'; echo ${{PIPESTATUS[1]}}";

        Assert.Equal("0\n", await Tool.Require("bash").OutputAsync("-c", script));

        byte[] expected =
        [
            .. Wire.Greeting(), .. Wire.U64(1 << 20), .. Wire.U16(0x0d6d), .. Wire.SimpleReply(1, 0),
            .. Wire.SimpleReply(2, 0, Wire.Filled(100_000, 0x41)),
        ];
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(File.ReadAllBytes(directory["replies"])));
    }

    [Fact]
    public async Task TheEndOfStandardInputEndsTheServer()
        => Assert.StartsWith("NBDMAGIC", (await SharpNbdProgram.RunAsync("-s", "memory", "1M")).Expect(0).Output, StringComparison.Ordinal);

    [Fact]
    public async Task OldstyleWorksThereToo()
    {
        var result = await SharpNbdProgram.RunAsync("-s", "-o", "memory", "1M");

        Assert.Equal(152, result.Expect(0).Output.Length);
    }
}
