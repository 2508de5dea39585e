using System.Buffers.Binary;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class InfoPluginTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("", "")]
    [InlineData("hello", "hello")]
    [InlineData("aé/b", "aé/b")]
    public async Task TheDiskIsTheExportsName(string name, string content) => Assert.Equal(content, await TextAsync("exportname", name));

    [Theory]
    [InlineData("", "")]
    [InlineData("aGVsbG8=", "hello")]
    [InlineData("aGVs\nbG8=", "hello")]
    public async Task TheDiskIsWhatTheExportsNameStandsForInBase64(string name, string content)
        => Assert.Equal(content, await TextAsync("base64exportname", name));

    [Theory]
    [InlineData("aGVsbG8")]
    [InlineData("!!")]
    [InlineData("aGVsbG8=x")]
    public async Task ANameThatIsNoBase64CannotBeOpened(string name)
    {
        var e = await Assert.ThrowsAsync<NbdException>(() => TextAsync("base64exportname", name));
        Assert.Contains("base64", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:58628")]
    [InlineData("[::1]:58912")]
    public async Task TheDiskIsTheClientsAddress(string address)
        => Assert.Equal(address, await TextAsync("address", "", IPEndPoint.Parse(address)));

    [Fact]
    public async Task OfAUnixSocketNoPathGetsOut() => Assert.Equal("unix", await TextAsync("address", ""));

    [Fact]
    public async Task TheVersionIsThatOfTheServer() => Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+$", await TextAsync("version", ""));

    [Fact]
    public async Task TimesAreSecondsAndMicroseconds()
    {
        await using var time = await SourceAsync("time");
        await using var uptime = await SourceAsync("uptime");
        await using var conntime = await SourceAsync("conntime");
        _time.Advance(TimeSpan.FromSeconds(1000));
        await using var now = await OpenAsync(time);
        await using var sinceStart = await OpenAsync(uptime);
        await using var sinceOpen = await OpenAsync(conntime);
        _time.Advance(TimeSpan.FromMicroseconds(2_000_345));

        Assert.Equal(_time.GetUtcNow() - DateTimeOffset.UnixEpoch, Time(await PluginRunner.ReadAllAsync(now)));
        Assert.Equal(TimeSpan.FromMicroseconds(1_002_000_345), Time(await PluginRunner.ReadAllAsync(sinceStart)));
        Assert.Equal(TimeSpan.FromMicroseconds(2_000_345), Time(await PluginRunner.ReadAllAsync(sinceOpen)));
    }

    [Fact]
    public async Task APartOfATimeCanBeRead()
    {
        await using var source = await SourceAsync("uptime");
        await using var disk = await OpenAsync(source);
        _time.Advance(TimeSpan.FromMicroseconds(0x12345));
        var microseconds = new byte[3];

        await disk.ReadAsync(9, microseconds, CancellationToken.None);

        Assert.Equal("012345", Convert.ToHexStringLower(microseconds));
    }

    [Fact]
    public async Task AnUnknownModeIsRefused()
    {
        var e = await Assert.ThrowsAsync<ParameterException>(async () => await SourceAsync("some"));
        Assert.Contains("exportname, base64exportname, address, time, uptime, conntime, version", Assert.Single(e.Errors), StringComparison.Ordinal);
    }

    private async Task<string> TextAsync(string mode, string exportName, EndPoint? peer = null)
    {
        await using var source = await SourceAsync(mode);
        await using var disk = await OpenAsync(source, exportName, peer);
        return Encoding.UTF8.GetString(await PluginRunner.ReadAllAsync(disk));
    }

    private ValueTask<DiskSource> SourceAsync(string mode)
        => new InfoPlugin().CreateAsync([new ParameterValue("mode", mode)], new ComponentContext(NullLogger.Instance, _time), CancellationToken.None);

    private static ValueTask<Disk> OpenAsync(DiskSource source, string exportName = "", EndPoint? peer = null)
        => source.OpenAsync(new OpenRequest { ExportName = exportName, Peer = peer }, CancellationToken.None);

    private static TimeSpan Time(byte[] content)
    {
        Assert.Equal(12, content.Length);
        return TimeSpan.FromSeconds(BinaryPrimitives.ReadInt64BigEndian(content))
            + TimeSpan.FromMicroseconds(BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(8)));
    }
}
