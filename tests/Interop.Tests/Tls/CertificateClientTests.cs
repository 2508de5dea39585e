using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Real clients over TLS with certificates.</summary>
public sealed class CertificateClientTests : IDisposable
{
    /// <summary>Asks OpenSSL for TLS, leaves politely, and checks that the server says goodbye, too.</summary>
    private const string OpenSslClient = """
        import socket, ssl, struct, sys
        path, directory, newest = sys.argv[1:]
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        stream = connection.makefile("rwb", buffering=0)
        assert stream.read(18)[:8] == b"NBDMAGIC"
        stream.write(struct.pack(">I", 3) + b"IHAVEOPT" + struct.pack(">II", 5, 0))
        assert struct.unpack(">QIII", stream.read(20))[2] == 1
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(directory + "/ca-cert.pem")
        context.load_cert_chain(directory + "/client-cert.pem", directory + "/client-key.pem")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion[newest]
        tls = context.wrap_socket(connection, server_hostname="localhost", suppress_ragged_eofs=False)
        tls.sendall(b"IHAVEOPT" + struct.pack(">II", 2, 0))
        assert struct.unpack(">QIII", tls.recv(20))[2] == 1
        assert tls.recv(1) == b"", "the end was not said"
        print(tls.version(), tls.cipher()[0])
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = new();
    private readonly string _server;
    private readonly string _client;

    public CertificateClientTests()
    {
        _server = _authority.WriteServer(_directory["server"]);
        _client = _authority.WriteClient(_directory["client"]);
    }

    [Theory]
    [InlineData("NORMAL:-VERS-TLS1.2")]
    [InlineData("NORMAL:-VERS-TLS1.3")]
    [InlineData("NORMAL:-AES-128-GCM:-AES-256-GCM")]
    public async Task NbdcopyBringsAnImageThereAndBack(string priority)
    {
        var nbdcopy = Tool.Require("nbdcopy");
        var original = SparseImage.Create(_directory["original"], seed: 21);
        await using var server = await StartAsync($"--tls-priority={priority}", "memory", $"{SparseImage.Size}");

        await nbdcopy.OutputAsync("--connections=2", "--flush", original, UriOf(server));
        await nbdcopy.OutputAsync("--connections=2", UriOf(server), _directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
        await server.StopAsync();
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task QemuImgBringsAnImageThereAndBack()
    {
        var qemuImg = Tool.Require("qemu-img");
        var original = SparseImage.Create(_directory["original"], seed: 22);
        await using var server = await StartAsync("memory", $"{SparseImage.Size}");
        string[] credentials = ["--object", $"tls-creds-x509,id=tls0,dir={_client},endpoint=client"];
        var image = $"driver=nbd,server.type=unix,server.path={server.SocketPath},tls-creds=tls0,tls-hostname=localhost";

        await qemuImg.OutputAsync(["convert", .. credentials, "-n", "-f", "raw", original, "--target-image-opts", $"driver=raw,{Nested(image)}"]);

        await qemuImg.OutputAsync(["convert", .. credentials, "--image-opts", image, "-O", "raw", _directory["copy"]]);
        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
    }

    [Theory]
    [InlineData("TLSv1_3", false, "TLSv1.3")]
    [InlineData("TLSv1_2", false, "TLSv1.2 ECDHE-ECDSA")]
    [InlineData("TLSv1_2", true, "TLSv1.2 ECDHE-RSA")]
    public async Task OpenSslIsTalkedToAndToldOfTheEnd(string newest, bool isRsa, string agreed)
    {
        _authority.WriteServer(_server, isRsa);
        await using var server = await StartAsync("memory", "1M");

        var output = await Tool.Require("python3").OutputAsync("-c", OpenSslClient, server.SocketPath, _client, newest);

        Assert.StartsWith(agreed, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OlderVersionsAreRefused()
    {
        await using var server = await StartAsync("memory", "1M");

        var result = await Tool.Require("python3").RunAsync("-c", OpenSslClient, server.SocketPath, _client, "TLSv1_1");

        result.Expect(1);
        Assert.Contains("ALERT_PROTOCOL_VERSION", result.Error, StringComparison.Ordinal);
        await server.Errors.WaitForAsync("the TLS handshake failed");
    }

    [Fact]
    public async Task AClientWithoutTlsIsRefused()
    {
        await using var server = await StartAsync("memory", "1M");

        var result = await Tool.Require("nbdinfo").RunAsync(server.Uri);

        result.Expect(1);
        Assert.Contains("server replied with error", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientWhoseCertificateWasRevokedIsRefused()
    {
        using var revoked = _authority.IssueClient("CN=gone");
        var theirs = _authority.Write(_directory["revoked"], "client", revoked);
        _authority.Revoke(revoked);
        _authority.WriteRevocations(_server);
        await using var server = await StartAsync("memory", "1M");

        (await Tool.Require("nbdinfo").RunAsync(UriOf(server, theirs))).Expect(1);

        await server.Errors.WaitForAsync("the client's certificate 'CN=gone' was revoked");
        Assert.Equal("1048576", (await Tool.Require("nbdinfo").OutputAsync("--size", UriOf(server))).Trim());
    }

    [Theory]
    [InlineData("--tls=require", "nbds+unix://?socket=", "2")]
    [InlineData("--tls=on", "nbd+unix://?socket=", "1")]
    [InlineData("--tls=off", "nbd+unix://?socket=", "")]
    public async Task TheUriOfRunLeadsThere(string mode, string uri, string variable)
    {
        Tool.Require("nbdinfo");

        var result = await SharpNbdProgram.RunAsync(
            mode, $"--tls-certificates={_server}", "--run", "echo $uri; echo \"<$tls>\"; nbdinfo --size \"$uri\"", "memory", "1M");

        var lines = result.Expect(0).Output.Split('\n');
        Assert.StartsWith(uri, lines[0], StringComparison.Ordinal);
        Assert.Equal($"<{variable}>", lines[1]);
        Assert.Equal("1048576", lines[2]);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    // The options of the inner driver, each under its prefix.
    private static string Nested(string image) => string.Join(',', image.Split(',').Select(option => $"file.{option}"));

    private Task<ServerProgram> StartAsync(params string[] more)
        => SharpNbdProgram.StartAsync(["--tls=require", $"--tls-certificates={_server}", "--tls-verify-peer", .. more]);

    private string UriOf(ServerProgram server, string? client = null)
        => $"nbds+unix://?socket={server.SocketPath}&tls-certificates={client ?? _client}";
}
