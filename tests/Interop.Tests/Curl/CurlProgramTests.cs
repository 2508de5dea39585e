using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The curl plugin in the built program, under real clients.</summary>
public sealed class CurlProgramTests : IAsyncLifetime
{
    private static readonly byte[] Content = MakeContent();

    private readonly TemporaryDirectory _directory = new();
    private readonly WebFile _file = new([.. Content]);
    private WebServer _server = null!;
    private Func<WebRequest, WebAnswer?> _fault = _ => null;

    public ValueTask InitializeAsync()
    {
        _server = new WebServer(request => _fault(request) ?? _file.Answer(request));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task NbdcopyCopiesEveryByte()
    {
        Tool.Require("nbdcopy");

        await RunAsync($"nbdcopy \"$uri\" {_directory["copy"]}");

        Assert.Equal(Content, await File.ReadAllBytesAsync(_directory["copy"]));
    }

    [Fact]
    public async Task QemuImgSeesAndConvertsAnImageOnAWebServer()
    {
        var qemuImg = Tool.Require("qemu-img");
        await File.WriteAllBytesAsync(_directory["raw"], Content);
        await qemuImg.OutputAsync("convert", "-O", "qcow2", _directory["raw"], _directory["image"]);
        _file.Content = await File.ReadAllBytesAsync(_directory["image"]);

        var result = await RunAsync($"qemu-img info $nbd && qemu-img convert -O raw \"$uri\" {_directory["copy"]}");

        Assert.Contains("file format: qcow2", result.Output, StringComparison.Ordinal);
        Assert.Equal(Content, (await File.ReadAllBytesAsync(_directory["copy"]))[..Content.Length]);
    }

    [Fact]
    public async Task NbdinfoShowsWhatTheServerHas()
    {
        Tool.Require("nbdinfo");

        var result = await RunAsync("nbdinfo \"$uri\"");

        Assert.Contains($"export-size: {Content.Length}", result.Output, StringComparison.Ordinal);
        Assert.Contains("is_read_only: true", result.Output, StringComparison.Ordinal);
        Assert.Contains("can_multi_conn: true", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailedReadIsAnErrorForTheClientAndALineInTheLog()
    {
        var nbdsh = await Tool.RequireNbdshAsync();
        await using var program = await SharpNbdProgram.StartAsync("-r", "curl", _server.Url());
        _fault = request => request.Method == "GET" && request.Range!.Value.First == 4096 ? WebAnswer.Of("500 Internal Server Error") : null;

        var output = await nbdsh.OutputAsync("-u", program.Uri, "-c", """
            try:
                h.pread(512, 4096)
            except nbd.Error as e:
                print(e.errno)
            print(len(h.pread(512, 8192)))
            """);
        await program.StopAsync();

        Assert.Equal("EIO\n512\n", output);
        var reason = $"GET {_server.Url()} bytes 4096-4607: the server answered 500 Internal Server Error";
        Assert.Single(program.Errors.Lines, line => line.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFileThatIsNotThereIsToldInOneLine()
    {
        Tool.Require("nbdinfo");
        _fault = _ => WebAnswer.Of("404 Not Found");

        var result = await SharpNbdProgram.RunAsync("-r", "-U", "-", "curl", _server.Url(), "--run", "nbdinfo --size \"$uri\" 2>/dev/null");

        Assert.NotEqual(0, result.ExitCode);
        Assert.All(result.ErrorLines, line => Assert.Contains("the server answered 404 Not Found", line, StringComparison.Ordinal));
        Assert.NotEmpty(result.ErrorLines);
    }

    [Fact]
    public async Task WhatAClientWritesIsPut()
    {
        var nbdsh = await Tool.RequireNbdshAsync();
        await using var program = await SharpNbdProgram.StartAsync("curl", _server.Url());

        await nbdsh.OutputAsync("-u", program.Uri, "-c", "h.pwrite(b'hello', 1000); h.zero(100, 2000); assert h.pread(7, 999)[1:6] == b'hello'; assert h.pread(100, 2000) == bytearray(100)");

        Assert.Equal("hello"u8.ToArray(), _file.Content[1000..1005]);
        Assert.Equal(new byte[100], _file.Content[2000..2100]);
        Assert.Equal(Content[2100..], _file.Content[2100..]);
    }

    [Fact]
    public async Task HttpsAndAPasswordFromADescriptorWork()
    {
        Tool.Require("nbdcopy");
        using var certificate = WebCertificate.Create();
        await File.WriteAllTextAsync(_directory["ca.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(_directory["password"], "secret\n");
        await using var server = new WebServer(_file.Answer, certificate);

        var result = await Tool.Require("sh").RunAsync(
            "-c",
            $"exec {SharpNbdProgram.Path} -r -U - curl {server.Url()} cainfo={_directory["ca.pem"]} user=joe password=-9 --run 'nbdcopy \"$uri\" {_directory["copy"]}' 9<{_directory["password"]}");

        result.Expect(0);
        Assert.Equal(Content, await File.ReadAllBytesAsync(_directory["copy"]));
        Assert.Equal($"Basic {Convert.ToBase64String("joe:secret"u8)}", server.Requests[0]["Authorization"]);
    }

    private static byte[] MakeContent()
    {
        var content = new byte[(5 << 20) + 512];
        new Random(1).NextBytes(content);
        return content;
    }

    private async Task<ToolResult> RunAsync(string command)
        => (await SharpNbdProgram.RunAsync("-r", "-U", "-", "curl", _server.Url(), "--run", command)).Expect(0);
}
