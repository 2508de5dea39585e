using System.Security.Cryptography;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Real clients over TLS with pre-shared keys.</summary>
public sealed class PskClientTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public PskClientTests() => WriteKeys(Keys, "alice");

    private string Keys => _directory["keys.psk"];

    [Theory]
    [InlineData("NORMAL:-VERS-TLS1.2:-CHACHA20-POLY1305")]
    [InlineData("NORMAL:-VERS-TLS1.2:-AES-128-GCM")]
    [InlineData("NORMAL:-VERS-TLS1.3")]
    public async Task NbdcopyBringsAnImageThereAndBack(string priority)
    {
        var nbdcopy = Tool.Require("nbdcopy");
        var original = SparseImage.Create(_directory["original"], seed: 31);
        await using var server = await StartAsync($"--tls-priority={priority}", "memory", $"{SparseImage.Size}");

        await nbdcopy.OutputAsync("--connections=2", "--flush", original, UriOf(server, "alice"));
        await nbdcopy.OutputAsync("--connections=2", UriOf(server, "alice"), _directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
        await server.StopAsync();
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task QemuImgBringsAnImageThereAndBack()
    {
        var qemuImg = Tool.Require("qemu-img");
        var original = SparseImage.Create(_directory["original"], seed: 32);
        await using var server = await StartAsync("memory", $"{SparseImage.Size}");
        string[] credentials = ["--object", $"tls-creds-psk,id=tls0,dir={_directory.Path},username=alice,endpoint=client"];
        var image = $"driver=nbd,server.type=unix,server.path={server.SocketPath},tls-creds=tls0";
        var target = string.Join(',', image.Split(',').Select(option => $"file.{option}"));

        await qemuImg.OutputAsync(["convert", .. credentials, "-n", "-f", "raw", original, "--target-image-opts", $"driver=raw,{target}"]);

        await qemuImg.OutputAsync(["convert", .. credentials, "--image-opts", image, "-O", "raw", _directory["copy"]]);
        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
    }

    [Fact]
    public async Task AWrongKeyAndAnUnknownUserAreToldTheSame()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        await using var server = await StartAsync("memory", "1M");
        WriteKeys(_directory["wrong"], "alice", "mallory");

        var wrong = (await nbdinfo.RunAsync(UriOf(server, "alice", _directory["wrong"]))).Expect(1);
        var unknown = (await nbdinfo.RunAsync(UriOf(server, "mallory", _directory["wrong"]))).Expect(1);

        Assert.Equal(wrong.Error, unknown.Error);
        await server.Errors.WaitForAsync("does not have the key of the user 'alice'");
        await server.Errors.WaitForAsync("there is no user 'mallory'");
    }

    [Theory]
    [InlineData("--tls=require", "no ca-cert.pem in")]
    [InlineData("--tls-psk=/nonexistent", "/nonexistent")]
    public async Task WhatIsMissingIsSaidInOneLine(string option, string named)
    {
        var home = new ToolOptions { Environment = new Dictionary<string, string?> { ["HOME"] = _directory.Path } };

        var result = await SharpNbdProgram.RunAsync(home, "-f", "-U", _directory["socket"], option, "memory", "1M");

        result.Expect(1);
        Assert.Contains(named, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static void WriteKeys(string path, params string[] users)
        => File.WriteAllLines(path, users.Select(user => $"{user}:{RandomNumberGenerator.GetHexString(64, lowercase: true)}"));

    private Task<ServerProgram> StartAsync(params string[] more)
        => SharpNbdProgram.StartAsync(["--tls=require", $"--tls-psk={Keys}", .. more]);

    private string UriOf(ServerProgram server, string user, string? keys = null)
        => $"nbds+unix://{user}@/?socket={server.SocketPath}&tls-psk-file={keys ?? Keys}";
}
