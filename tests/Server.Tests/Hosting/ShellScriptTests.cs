namespace SharpNbd.Server.Tests;

public sealed class ShellScriptTests
{
    [Fact]
    public void VariablesStandInFrontOfTheCommand() => Assert.Equal(
        """
        uri='nbd+unix:///it%27s?socket=/tmp/s'
        nbd='nbd+unix:///it%27s?socket=/tmp/s'
        port=''
        unixsocket='/tmp/s'
        exportname='it'\''s'
        nbdinfo "$uri"
        """,
        ShellScript.Compose("nbdinfo \"$uri\"", new UnixListenAddress("/tmp/s"), "it's"));

    [Fact]
    public void OnTcpThePortIsGivenInsteadOfTheSocket() => Assert.Equal(
        """
        uri='nbd://localhost:20000'
        nbd='nbd://localhost:20000'
        port='20000'
        unixsocket=''
        exportname=''
        true
        """,
        ShellScript.Compose("true", new TcpListenAddress(null, 20000), ""));

    [Theory]
    [InlineData(TlsMode.On, "\ntls=1\ntrue")]
    [InlineData(TlsMode.Require, "\ntls=2\ntrue")]
    internal void TlsIsGivenWhereItIsOn(TlsMode mode, string end)
        => Assert.EndsWith(end, ShellScript.Compose("true", new UnixListenAddress("/tmp/s"), "", new TlsSupport(mode, null!)));

    [Theory]
    [InlineData("", "''")]
    [InlineData("plain", "'plain'")]
    [InlineData("$x `y` \"z\" \\", "'$x `y` \"z\" \\'")]
    [InlineData("'", "''\\'''")]
    [InlineData("a'b'c", "'a'\\''b'\\''c'")]
    public void QuotingKeepsEveryCharacter(string text, string quoted) => Assert.Equal(quoted, ShellScript.Quote(text));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(7 << 8, 0, 7)]
    [InlineData(255 << 8, 0, 255)]
    [InlineData(9, 9, 137)]
    [InlineData(11 | 0x80, 11, 139)]
    public void AStatusSaysWhetherTheCommandWasKilled(int waitStatus, int signal, int status)
        => Assert.Equal(new ChildExit(signal, status), ChildExit.FromWaitStatus(waitStatus));

    [Theory]
    [InlineData("exit 137", 0, 137)]
    [InlineData("kill -9 $$", 9, 137)]
    public async Task AChildThatExitsIsToldFromOneThatWasKilled(string command, int signal, int status)
        => Assert.Equal(new ChildExit(signal, status), await ChildProcess.Start("/bin/sh", ["sh", "-c", command]).WaitAsync());

    [Fact]
    public async Task AChildDoesNotInheritThatBrokenPipesAreIgnored()
    {
        // SIGPIPE is bit 12 of the mask; only a shell that may be killed by it reports the status of one that was.
        var child = ChildProcess.Start("/bin/sh", ["sh", "-c", "set -- $(grep SigIgn /proc/self/status); exit $(( (0x$2 >> 12) & 1 ))"]);

        Assert.Equal(0, (await child.WaitAsync()).Status);
    }
}
