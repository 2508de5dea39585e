using System.Security.Cryptography;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The nbd plugin as a TLS client of nbdkit, which is GnuTLS, and of our own server.</summary>
public sealed class NbdTlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = new();

    private string Keys => _directory["keys.psk"];

    public NbdTlsTests()
    {
        _authority.WriteServer(_directory["server"]);
        _authority.WriteClient(_directory["client"]);
        File.WriteAllText(Keys, $"bob:{RandomNumberGenerator.GetHexString(64, lowercase: true)}\nalice:{RandomNumberGenerator.GetHexString(64, lowercase: true)}\n");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("nbdkit")]
    [InlineData("sharpnbd")]
    public async Task PreSharedKeysLeadToTheServer(string kind)
    {
        await using var upstream = await StartAsync(kind, "--tls=require", $"--tls-psk={Keys}", "memory", $"{SparseImage.Size}");
        await using var proxy = await SharpNbdProgram.StartAsync(
            "nbd", $"socket={upstream.SocketPath}", "tls=require", $"tls-psk={Keys}", "tls-username=alice");

        await CopyThereAndBackAsync(proxy);
    }

    [Theory]
    [InlineData("nbdkit")]
    [InlineData("sharpnbd")]
    public async Task CertificatesLeadToTheServer(string kind)
    {
        await using var upstream = await StartAsync(
            kind, "--tls=require", $"--tls-certificates={_directory["server"]}", "--tls-verify-peer", "memory", $"{SparseImage.Size}");
        await using var proxy = await SharpNbdProgram.StartAsync(
            "nbd", $"socket={upstream.SocketPath}", "tls=require", $"tls-certificates={_directory["client"]}");

        await CopyThereAndBackAsync(proxy);
    }

    [Fact]
    public async Task AUriMayHoldItAll()
    {
        await using var upstream = await StartAsync("nbdkit", "--tls=require", $"--tls-psk={Keys}", "memory", "1M");
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"nbds+unix://alice@/?socket={upstream.SocketPath}&tls-psk-file={Keys}");

        Assert.Equal("1048576\n", await Tool.Require("nbdinfo").OutputAsync("--size", proxy.Uri));
    }

    [Fact]
    public async Task AStrangersCertificateIsRefusedUnlessNobodyLooks()
    {
        using var stranger = new TestAuthority("CN=stranger");
        stranger.WriteClient(_directory["stranger"]);
        await using var upstream = await StartAsync("nbdkit", "--tls=require", $"--tls-certificates={_directory["server"]}", "memory", "1M");
        var nbdinfo = Tool.Require("nbdinfo");

        await using (var wary = await SharpNbdProgram.StartAsync(
            "nbd", $"socket={upstream.SocketPath}", "tls=require", $"tls-certificates={_directory["stranger"]}"))
        {
            (await nbdinfo.RunAsync(wary.Uri)).Expect(1);
            await wary.Errors.WaitForAsync("the server's certificate is refused");
        }

        await using var trusting = await SharpNbdProgram.StartAsync(
            "nbd", $"socket={upstream.SocketPath}", "tls=require", $"tls-certificates={_directory["stranger"]}", "tls-verify=false");
        Assert.Equal("1048576\n", await nbdinfo.OutputAsync("--size", trusting.Uri));
    }

    [Fact]
    public async Task WhatIsMissingIsToldInOneLine()
    {
        await using var plain = await StartAsync("nbdkit", "memory", "1M");
        await using var encrypted = await StartAsync("nbdkit", "--tls=require", $"--tls-psk={Keys}", "memory", "1M");
        var cases = new (ServerProgram Upstream, string[] Parameters, string Words)[]
        {
            (plain, ["tls=require", $"tls-psk={Keys}", "tls-username=alice"], "TLS was asked for"),
            (encrypted, [], "the server requires TLS"),
            (encrypted, ["tls=require", $"tls-psk={Keys}", "tls-username=mallory"], "there is no key of 'mallory'"),
        };
        foreach (var (upstream, parameters, words) in cases)
        {
            await using var proxy = await SharpNbdProgram.StartAsync(["nbd", $"socket={upstream.SocketPath}", .. parameters]);
            (await Tool.Require("nbdinfo").RunAsync(proxy.Uri)).Expect(1);
            await proxy.Errors.WaitForAsync(words);
        }
    }

    private static Task<ServerProgram> StartAsync(string kind, params string[] arguments)
        => kind == "nbdkit" ? NbdkitProgram.StartAsync(arguments) : SharpNbdProgram.StartAsync(arguments);

    private async Task CopyThereAndBackAsync(ServerProgram proxy)
    {
        var nbdcopy = Tool.Require("nbdcopy");
        var original = SparseImage.Create(_directory["original"], seed: 52);

        await nbdcopy.OutputAsync("--connections=2", "--flush", original, proxy.Uri);
        await nbdcopy.OutputAsync("--connections=2", proxy.Uri, _directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
        await proxy.StopAsync();
        Assert.Empty(proxy.Errors.Lines);
    }
}
