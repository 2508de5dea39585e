using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// The same words to nbdkit and to us: what one accepts the other accepts, with the same exit status. Its messages are its own.
/// </summary>
public sealed class OptionComparisonTests
{
    /// <summary>A command line in each row, as the shell reads it; the plugin and its size follow.</summary>
    public static TheoryData<string> CommandLines =>
    [
        .. """
           -U - --run 'exit 0'
           -U - --run 'exit 7'
           -U - --run 'kill -9 $$'
           -U - --run true -f
           -U - --run true -n
           -U - --run true --newstyle --new-style
           -U - --run true -n -o
           -U - --run true --oldstyle
           -U - --run true --old-style
           -U - --run true -4 -6
           -U - --run true --ipv4-only --ipv6-only
           -U - --run true -r --readonly --read-only
           -U - --run true -e a
           -U - --run true --exportname a --export-name=b --export c
           -U - --run true -t 0
           -U - --run true -t 1
           -U - --run true --threads=0x10
           -U - --run true -t -1
           -U - --run true -t abc
           -U - --run true -t 99999999999
           -U - --run true -v
           -U - --run true --verbose
           -U - --run true -D memory.nope=1
           -U - --run true -D foo.bar=1
           -U - --run true --debug nbdkit.backend.datapath=0
           -U - --run true -D nbdkit.backend.controlpath=1
           -U - --run true -D nbdkit.tls.log=1
           -U - --run true -D nbdkit.nope=0x1
           -U - --run true -D memory
           -U - --run true -D memory.dir
           -U - --run true -D .x=1
           -U - --run true -D memory.=1
           -U - --run true -D memory.dir=abc
           -U - --run true -D a.b=99999999999
           -U - --run true --mask-handshake=0
           -U - --run true --mask-handshake=0x1
           -U - --run true --mask-handshake=010
           -U - --run true --mask-handshake=abc
           -U - --run true --mask-handshake=4294967296
           -U - --run true --mask-handshake=-1
           -U - --run true --mask-handshake=
           -U - --run true --no-sr
           -U - --run true --log=stderr
           -U - --run true --log=null
           -U - --run true --log=foo
           -U - --run true --log=
           -U - --run true --exit-with-parent
           -f -U socket -u nosuch
           -f -U socket -g nosuch
           -U - --run true --swap=1
           -U - --run true --nosuch
           -U - --run true -Z
           -U - --run true -p 1
           -U - --run true --vsock
           -U - --run true -s
           -f -U socket -P /nonexistent/pid
           -f -U socket --pidfile /nonexistent/pid
           -U /nonexistent/socket --run true
           --run true -p nosuchservice
           --run true -i 127.0.0.1 -6
           --run true -i 127.0.0.1 -p -1
           --run true --vsock -p abc
           --run true --vsock -p 5000000000
           --run true --vsock -p -1
           -s
           -s -f
           -s --foreground --no-fork
           --single
           --stdin
           -s -o
           -s -i 127.0.0.1
           -s --exit-with-parent
           -s -p 1
           -s -U x
           -s --vsock
           -s --run true
           -s --dump-plugin
           --help
           --version
           -V
           --dump-config
           --dump-plugin
           --dump-plugin -p 1
           --dump-plugin -U x
           --dump-plugin --run true
           --dump-plugin --vsock
           --short-options
           --long-options
           --help --dump-config
           """.Split('\n'),
    ];

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task BothAcceptTheSameWords(string words)
    {
        using var directory = new TemporaryDirectory();
        var nbdkit = await RunAsync(directory, Tool.Require("nbdkit").Path, words);
        var ours = await RunAsync(directory, SharpNbdProgram.Path, words);

        Assert.True(nbdkit.ExitCode == ours.ExitCode, $"nbdkit {words}: {nbdkit.ExitCode}, ours: {ours.ExitCode}\n{nbdkit.Error}\n{ours.Error}");
    }

    [Fact]
    public async Task EveryOptionOfNbdkitIsListed()
    {
        foreach (var list in (string[])["--long-options", "--short-options"])
        {
            var nbdkit = await Tool.Require("nbdkit").OutputAsync(list);
            var ours = (await SharpNbdProgram.RunAsync(list)).Expect(0).Output;

            Assert.Empty(nbdkit.Split('\n').Except(ours.Split('\n')));
        }
    }

    [Theory]
    [InlineData("--dump-config")]
    [InlineData("--dump-plugin memory")]
    [InlineData("--dump-plugin file")]
    [InlineData("--dump-plugin null")]
    [InlineData("--dump-plugin pattern")]
    [InlineData("--dump-plugin data")]
    public async Task EveryKeyOfNbdkitIsAnswered(string words)
    {
        var nbdkit = await Tool.Require("nbdkit").OutputAsync(words.Split(' '));
        var ours = (await SharpNbdProgram.RunAsync(words.Split(' '))).Expect(0).Output;

        // What a library of the language C needs: the size of its structure, a function called when it is unloaded, a second name.
        string[] ofLibraries = ["struct_size", "has_unload", "has_longname"];
        Assert.Empty(Keys(nbdkit).Except(Keys(ours)).Except(ofLibraries));
    }

    private static IEnumerable<string> Keys(string lines)
        => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.IndexOf('=', StringComparison.Ordinal)]);

    private static Task<ToolResult> RunAsync(TemporaryDirectory directory, string program, string words)
        => Tool.Require("sh").RunAsync(
            new ToolOptions { WorkingDirectory = directory.Path, Timeout = TimeSpan.FromMinutes(1) },
            "-c", $"'{program}' {words} memory{(words.Contains("--dump-plugin", StringComparison.Ordinal) ? "" : " 1M")}");
}
