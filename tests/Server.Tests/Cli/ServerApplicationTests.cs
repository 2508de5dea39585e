using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>What the program shows, run in this process: nothing here serves.</summary>
public sealed class ServerApplicationTests
{
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];

    [Fact]
    public async Task VersionNamesTheServerThenTheFiltersThenThePlugin()
    {
        Assert.Equal(0, await RunAsync("--version", "--filter=slow", "disk"));

        Assert.Equal($"sharpnbd {ProductVersion.Text}\nslow {ProductVersion.Text}\ndisk {ProductVersion.Text}\n", Output);
    }

    [Fact]
    public async Task HelpShowsTheParametersOfTheNamedComponents()
    {
        Assert.Equal(0, await RunAsync("disk", "--help", "--filter=slow"));

        Assert.Contains("plugin: disk (the stub disk)", Output);
        Assert.Contains("  size=SIZE                       (required) How large.\n", Output);
        Assert.Contains("size= may be left out", Output);
        Assert.Contains("filter: slow (the stub slow)", Output);
        Assert.Contains("  wait=TIME                       How long. [0]\n", Output);
        Assert.Contains("also spelt waits=, pause=", Output);
        Assert.True(
            Output.IndexOf("filter: slow", StringComparison.Ordinal) < Output.IndexOf("plugin: disk", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HelpNamesEveryOptionWhetherBuiltOrNot()
    {
        Assert.Equal(0, await RunAsync("--help"));

        Assert.All(OptionTable.All, option => Assert.Contains(option.LongName, Output));
    }

    [Fact]
    public async Task DumpPluginHasTheKeysOfNbdkit()
    {
        Assert.Equal(0, await RunAsync("--dump-plugin", "disk"));

        var lines = Output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("path=/", lines[0]);
        Assert.Equal(
            [
                "name=disk", $"version={ProductVersion.Text}", "api_version=2", "max_thread_model=parallel", "thread_model=parallel",
                "errno_is_preserved=1", "magic_config_key=size", "has_dump_plugin=1", "has_config=1",
                "has_config_complete=1", "has_config_help=1", "has_get_ready=1", "has_open=1", "has_close=1", "has_get_size=1", "has_can_write=1",
                "has_can_flush=1", "has_is_rotational=1", "has_can_trim=1", "has_can_zero=1", "has_can_fast_zero=1", "has_can_extents=1",
                "has_can_fua=1", "has_can_multi_conn=1", "has_can_cache=1", "has_pread=1", "has_pwrite=1", "has_trim=1", "colour=red",
            ],
            lines[1..]);
    }

    [Fact]
    public async Task DumpConfigHasTheKeysOfNbdkit()
    {
        Assert.Equal(0, await RunAsync("--dump-config"));

        string[] keys =
        [
            "binary", "bindir", "exit_with_parent", "filterdir", "host_cpu", "host_os", "libdir", "mandir", "name", "plugindir",
            "root_tls_certificates_dir", "sbindir", "selinux", "sysconfdir", "tls", "version", "version_major", "version_minor", "zstd",
        ];
        Assert.Superset(keys.ToHashSet(), Output.TrimEnd('\n').Split('\n').Select(line => line[..line.IndexOf('=')]).ToHashSet());
    }

    [Fact]
    public async Task CompletionListsHoldTheOptionsThatWork()
    {
        Assert.Equal(0, await RunAsync("--long-options"));
        Assert.Contains("--read-only\n", Output);
        Assert.Contains("--swap\n", Output);

        _output.Clear();
        Assert.Equal(0, await RunAsync("--short-options"));
        Assert.Contains("-U\n", Output);
        Assert.Contains("-s\n", Output);
    }

    [Theory]
    [InlineData("no plugin was named: sharpnbd [OPTION ...] PLUGIN [[KEY=]VALUE ...] (the plugins are disk; --help shows all)", "-f")]
    [InlineData("there is no plugin 'dsik'; did you mean disk? (the plugins are disk)", "dsik", "1M")]
    [InlineData("there is no filter 'nosuch' (the filters are slow)", "--filter=nosuch", "disk", "1M")]
    [InlineData("plugin 'curl' is known to nbdkit, not built yet", "curl")]
    [InlineData("filter 'cow' is known to nbdkit, not built yet", "--filter=cow", "disk", "1M")]
    [InlineData("plugin '/x.so': there is no such file", "/x.so")]
    [InlineData("filter '/x.dll': there is no such file", "--filter=/x.dll", "disk", "1M")]
    [InlineData("plugin '/usr': this is a directory, and the .dll file in it is needed", "/usr")]
    [InlineData("plugin '/etc/passwd': this is not a .NET assembly", "/etc/passwd")]
    [InlineData("--plugindir=/nosuch: there is no such directory", "--plugindir=/nosuch", "disk", "1M")]
    [InlineData("there is no plugin 'nosuch' (the plugins are disk, and none of that name is in /usr)", "--plugindir=/usr", "nosuch")]
    [InlineData("disk: size=1x: a size is a decimal number with at most one of the suffixes b k M G T P E (powers of 1024) or s (512-byte sectors)", "-f", "disk", "size=1x")]
    [InlineData("unknown parameter 'sise'; did you mean size= of disk? (disk accepts size)", "-f", "disk", "sise=1M")]
    [InlineData("disk: the parameter size=SIZE is missing: How large.", "-f", "disk")]
    public async Task AWrongCommandLineIsOneLineAndStatusOne(string error, params string[] arguments)
    {
        Assert.Equal(1, await RunAsync(arguments));

        Assert.Equal($"sharpnbd: error: {error}\n", Assert.Single(_errors));
        Assert.Empty(_output);
    }

    [Fact]
    public async Task EverythingThatIsWrongIsToldAtOnce()
    {
        Assert.Equal(1, await RunAsync("--nosuch", "-t", "x", "--log=nowhere", "--filter=slwo", "nosuch"));

        Assert.Equal(5, _errors.Count);
    }

    private string Output => string.Concat(_output);

    private Task<int> RunAsync(params string[] arguments)
    {
        var disk = new StubPlugin<SizeOptions>("disk", options => new ArraySource(new byte[options.Size.Value]))
        {
            OfferedOperations = DiskOperations.Write | DiskOperations.Trim | DiskOperations.MultiConn,
            OfferedFacts = [new("colour", "red")],
        };
        var slow = new StubFilter<WaitOptions>("slow", (inner, _) => inner);
        return new ServerApplication(new ComponentRegistry([disk], [slow]), _output.Add, new StandardErrorWriter(_errors.Add)).RunAsync(arguments);
    }

    internal sealed record SizeOptions
    {
        [Parameter("size", "How large.", IsMagic = true)]
        public required ByteSize Size { get; init; }
    }

    internal sealed record WaitOptions
    {
        [Parameter("wait", "How long.", Aliases = ["waits", "pause"])]
        public TimeSpan Wait { get; init; }
    }
}
