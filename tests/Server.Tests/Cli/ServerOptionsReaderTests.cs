using System.Net.Sockets;

namespace SharpNbd.Server.Tests;

public sealed class ServerOptionsReaderTests
{
    [Fact]
    public void TheFirstWordIsThePluginAndTheOthersAreItsParameters()
    {
        var options = Read("--filter=log", "memory", "--filter", "delay", "1M", "rdelay=1");

        Assert.Equal("memory", options.Plugin);
        Assert.Equal(["1M", "rdelay=1"], options.Parameters);
        Assert.Equal(["log", "delay"], options.Filters);
    }

    [Fact]
    public void TheLastOfARepeatedOptionWins()
    {
        var options = Read("-t", "3", "-e", "a", "-p1", "-p", "2", "-e", "b", "-t4", "-4", "-6");

        Assert.Equal(4, options.Threads);
        Assert.Equal("b", options.ExportName);
        Assert.Equal(new TcpListenAddress(null, 2, AddressFamily.InterNetworkV6), options.Address);
    }

    [Fact]
    public void WithoutAnAddressItListensOnThePortOfNbd()
        => Assert.Equal(new TcpListenAddress(null, 10809), Read("memory").Address);

    [Theory]
    [InlineData("-U", "-")]
    [InlineData("--run", "true")]
    public void APrivateSocketIsAskedForOrImpliedByRun(params string[] arguments) => Assert.Null(Read(arguments).Address);

    [Theory]
    [InlineData("--run", "true", "-p", "0")]
    [InlineData("--run", "true", "-i", "127.0.0.1")]
    public void AnAddressForRunIsKept(params string[] arguments) => Assert.IsType<TcpListenAddress>(Read(arguments).Address);

    [Fact]
    public void PathsAreMadeAbsolute()
    {
        var options = Read("-U", "socket", "-P", "a/../pid");

        Assert.Equal(new UnixListenAddress(Path.GetFullPath("socket")), options.Address);
        Assert.Equal(Path.GetFullPath("pid"), options.PidFile);
    }

    [Theory]
    [InlineData("--tls=require", 2)]
    [InlineData("--tls=on", 1)]
    [InlineData("--tls=yes", 1)]
    [InlineData("--tls=1", 1)]
    [InlineData("--tls=off", 0)]
    [InlineData("--tls=FALSE", 0)]
    [InlineData("-f", null)]
    public void TlsIsABooleanOrRequired(string argument, int? mode) => Assert.Equal((TlsMode?)mode, Read(argument).Tls.Mode);

    [Fact]
    public void PathsOfTlsAreMadeAbsolute()
    {
        var options = Read("--tls-certificates=pki", "--tls-psk", "a/../keys.psk", "--tls-verify-peer").Tls;

        Assert.Equal(Path.GetFullPath("pki"), options.CertificateDirectory);
        Assert.Equal(Path.GetFullPath("keys.psk"), options.PskFile);
        Assert.True(options.VerifyPeer);
    }

    [Theory]
    [InlineData("-f", false)]
    [InlineData("--no-fork", false)]
    [InlineData("--run=true", false)]
    [InlineData("--help", false)]
    [InlineData("-v", true)]
    public void OnlyAServerWithoutForegroundGoesToTheBackground(string argument, bool goes)
        => Assert.Equal(goes, Read("memory", argument).GoesToBackground);

    [Theory]
    [InlineData("-t", "0", 16)]
    [InlineData("-t", "1", 1)]
    [InlineData("-v", "-v", 16)]
    public void ThreadsAreSixteenUnlessGiven(string option, string value, int threads) => Assert.Equal(threads, Read(option, value).Threads);

    [Theory]
    [InlineData(0, "--help", "--version")]
    [InlineData(1, "-V", "--help")]
    [InlineData(2, "--dump-config")]
    [InlineData(3, "--dump-plugin")]
    [InlineData(4, "--long-options")]
    [InlineData(5, "--short-options")]
    public void TheFirstOptionThatShowsSomethingIsObeyed(int command, params string[] arguments)
    {
        ServerCommand[] commands =
        [
            ServerCommand.ShowHelp, ServerCommand.ShowVersion, ServerCommand.DumpConfig, ServerCommand.DumpPlugin,
            ServerCommand.ListLongOptions, ServerCommand.ListShortOptions,
        ];

        Assert.Equal(commands[command], Read(arguments).Command);
    }

    [Theory]
    [InlineData("65535")]
    [InlineData("0")]
    [InlineData("1")]
    public void PortsAreNumbers(string port) => Assert.Equal($"{((TcpListenAddress)Read("-p", port).Address!).Port}", port);

    [Theory]
    [InlineData("-p 65536", "65536", "65535")]
    [InlineData("-p 99999999999999999999", "99999999999999999999", "65535")]
    [InlineData("-p -1", "-1", "65535")]
    [InlineData("-p no-such-service", "no-such-service", "name")]
    [InlineData("-t x", "-t x", "65536")]
    [InlineData("-t 65537", "-t 65537", "65536")]
    [InlineData("-t -1", "-t -1", "65536")]
    [InlineData("--log=foo", "--log=foo", "stderr, syslog, null or an absolute path")]
    [InlineData("-U - -p 1", "-U", "-p")]
    [InlineData("--tls=maybe", "--tls=maybe", "off, on or require")]
    [InlineData("--tls-priority=NORMAL:+VERS-TLS1.1", "+VERS-TLS1.1", "VERS-TLS1.2")]
    [InlineData("--tls-priority=%SERVER_PRECEDENCE", "%SERVER_PRECEDENCE", "NORMAL")]
    [InlineData("--tls-priority=", "it is empty", "NORMAL")]
    [InlineData("--tls-priority=NORMAL:-VERS-ALL", "NORMAL:-VERS-ALL", "leaves no cipher suite")]
    [InlineData("--tls-psk=keys --tls-priority=NONE:+VERS-TLS1.2:+AES-128-GCM:+ECDHE-RSA", "ECDHE-RSA", "leaves no cipher suite")]
    [InlineData("-D memory", "-D memory", "NAME.FLAG=N")]
    [InlineData("-D .x=1", "-D .x=1", "NAME.FLAG=N")]
    [InlineData("-D memory.=1", "-D memory.=1", "NAME.FLAG=N")]
    [InlineData("-D memory.dir=abc", "-D memory.dir=abc", "whole number")]
    [InlineData("-D memory.dir=99999999999", "-D memory.dir", "whole number")]
    [InlineData("--mask-handshake=abc", "--mask-handshake=abc", "4294967295")]
    [InlineData("--mask-handshake=-1", "--mask-handshake=-1", "4294967295")]
    [InlineData("--timeout=soon", "--timeout=soon", "seconds")]
    [InlineData("--timeout=-1", "--timeout=-1", "seconds")]
    [InlineData("--max-connections=0", "--max-connections=0", "from 1")]
    [InlineData("--max-memory=1x", "--max-memory=1x", "a size")]
    [InlineData("-u nosuchuser", "-u nosuchuser", "no such user")]
    [InlineData("-g nosuchgroup", "-g nosuchgroup", "no such group")]
    [InlineData("-u -1", "-u -1", "no such user")]
    [InlineData("--selinux-label=", "--selinux-label", "a label is needed")]
    [InlineData("--vsock -p 4294967296", "-p 4294967296", "4294967295")]
    [InlineData("--vsock -U x", "--vsock", "-U")]
    [InlineData("-s -p 1", "-s", "-p")]
    [InlineData("-s -U -", "-s", "-U")]
    [InlineData("-s --run true", "-s", "--run")]
    [InlineData("-s --vsock", "-s", "--vsock")]
    [InlineData("-s --dump-plugin", "-s", "--dump-plugin")]
    public void AWrongValueIsNamedWithWhatIsAccepted(string arguments, string wrong, string accepted)
    {
        var reader = Reader(arguments.Split(' '));
        reader.Read();

        var error = Assert.Single(reader.Errors);
        Assert.Contains(wrong, error);
        Assert.Contains(accepted, error);
    }

    [Fact]
    public void OptionsOfTheProcessAreRead()
    {
        var options = Read(
            "--mask-handshake=0x2", "--no-sr", "--no-mc", "--timeout=500ms", "--max-connections=010", "--max-memory=64M", "--keepalive",
            "--name=in", "--log=/var/log/x", "--exit-with-parent", "-u", "12345", "-g", "0", "--swap", "-o", "--selinux-label=l", "memory");

        Assert.Equal(HandshakeFlags.NoZeroes, options.Handshake.Flags);
        Assert.True(options.Handshake is { IsOldstyle: true, RefusesMetaContexts: true, RefusesStructuredReplies: true });
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.Timeout);
        Assert.Equal((8, 64L << 20), (options.MaximumConnections, options.MaximumMemory));
        Assert.Equal((LogTarget.File, "/var/log/x", "in", "l"), (options.Log, options.LogFile, options.Name, options.SocketLabel));
        Assert.Equal((12345u, 0u), (options.User, options.Group));
        Assert.True(options is { KeepAlive: true, Swap: true, ExitWithParent: true, GoesToBackground: false });
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.5", 1500)]
    [InlineData("1e9", 49 * 86_400_000L)]
    public void ATimeForTheHandshakeIsWhatATimerTakes(string text, long milliseconds)
        => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read($"--timeout={text}").Timeout);

    [Fact]
    public void TheLastOfOldstyleAndNewstyleWins()
    {
        Assert.True(Read("-n", "-o").Handshake.IsOldstyle);
        Assert.False(Read("-o", "-n").Handshake.IsOldstyle);
    }

    [Theory]
    [InlineData(10809u, "--vsock")]
    [InlineData(7u, "--vsock", "-p", "7")]
    [InlineData(4294967295u, "--vsock", "-p", "0xffffffff", "--run", "true", "-i", "1.2.3.4")]
    public void VsockHasPortsOfItsOwn(uint port, params string[] arguments)
        => Assert.Equal(new VsockListenAddress(port), Read(arguments).Address);

    [Fact]
    public void OneClientOnStandardInputStaysInFront()
    {
        var options = Read("-s", "memory", "1M");

        Assert.Null(options.Address);
        Assert.True(options is { Single: true, GoesToBackground: false });
    }

    [Fact]
    public void ASocketPathThatDoesNotFitIsRefused()
    {
        var fits = Reader("-U", "/" + new string('x', 106));
        fits.Read();
        var tooLong = Reader("-U", "/" + new string('x', 105) + "é");
        tooLong.Read();

        Assert.Empty(fits.Errors);
        Assert.Contains("107 bytes", Assert.Single(tooLong.Errors));
    }

    [Fact]
    public void AnExportNameThatDoesNotFitIsRefused()
    {
        var reader = Reader("-e", new string('x', 4097));
        reader.Read();

        Assert.Contains("4096 bytes", Assert.Single(reader.Errors));
    }

    [Fact]
    public void AServiceNameStandsForItsPort()
    {
        Assert.SkipUnless(File.Exists("/etc/services"), "this machine has no /etc/services (package netbase)");

        Assert.Equal(new TcpListenAddress(null, 22), Read("-p", "ssh").Address);
    }

    private static ServerOptions Read(params string[] arguments)
    {
        var reader = Reader(arguments);
        var options = reader.Read();
        Assert.Empty(reader.Errors);
        return options;
    }

    private static ServerOptionsReader Reader(params string[] arguments)
        => new(new CommandLineParser(OptionTable.All).Parse(arguments));
}
