using System.Net.Sockets;
using Org.BouncyCastle.Tls;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Which clients get in where keys are demanded (<c>--tls-psk</c>), and what the others find out.</summary>
public sealed class PskCredentialsTests : IDisposable
{
    private const int Large = 1 << 20;

    private static readonly byte[] Key = Wire.Filled(32, 0xa5);
    private static readonly byte[] OtherKey = Wire.Filled(32, 0x5a);

    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;

    public PskCredentialsTests()
    {
        _file = _directory["keys.psk"];
        Write(("alice", Key), ("bob", OtherKey));
    }

    public static TheoryData<bool> Versions => [true, false];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AUserWithTheKeyIsLetIn(bool isTls13)
    {
        await using var server = Start();

        var client = server.ConnectOverSocket().Greet().StartTls(ClientOf("alice", Key, isTls13).Encrypt).Go();

        client.Request(Wire.Read, 1, 0, Large).ExpectSimple(1, 0, Wire.Filled(Large, 0x77));
        client.Write(2, 0, Wire.Filled(Large, 0x11)).ExpectSimple(2);
        Assert.Empty(server.Log.Lines);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AWrongKeyAndAnUnknownUserLookTheSame(bool isTls13)
    {
        var wrong = await RefusalOf("alice", OtherKey, isTls13);
        var unknown = await RefusalOf("mallo", OtherKey, isTls13);

        Assert.Equal(wrong.Alert, unknown.Alert);
        Assert.NotNull(wrong.Alert);
        Assert.Equal(wrong.Bytes, unknown.Bytes);
        Assert.Contains("does not have the key of the user 'alice'", wrong.Line, StringComparison.Ordinal);
        Assert.Contains("there is no user 'mallo'", unknown.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameCannotWriteALineOfItsOwnIntoTheLog()
    {
        var (_, _, line) = await RefusalOf("x\nsharpnbd: error: no\u001b[31m", OtherKey, isTls13: true);

        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\u001b', line);
    }

    [Fact]
    public async Task AUserWhoIsAddedWhileTheServerRunsIsLetIn()
    {
        await using var server = Start();
        Write(("carol", OtherKey));

        server.ConnectOverSocket().Greet().StartTls(ClientOf("carol", OtherKey, isTls13: true).Encrypt).Go();
    }

    [Fact]
    public async Task AFileThatIsBrokenWhileTheServerRunsLetsNobodyIn()
    {
        await using var server = Start();
        File.WriteAllText(_file, "alice");
        var client = server.ConnectOverSocket().Greet();

        Assert.ThrowsAny<IOException>(() => client.StartTls(ClientOf("alice", Key, isTls13: true).Encrypt));

        Assert.Contains("line 1 of", server.Log.WaitFor("disconnected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatAsksForNewKeysAndNeverReadsAnAnswerIsCut()
    {
        await using var server = Start();
        var client = ClientOf("alice", Key, isTls13: true);
        server.ConnectOverSocket().Greet().StartTls(client.Encrypt).Go();

        Assert.ThrowsAny<IOException>(() => client.AskForNewKeys(times: 100_000));

        server.Log.WaitFor("left without NBD_CMD_DISC");
    }

    public void Dispose() => _directory.Dispose();

    private static PskClient ClientOf(string user, byte[] key, bool isTls13)
        => new(user, key, isTls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12);

    private async Task<(short? Alert, int Bytes, string Line)> RefusalOf(string user, byte[] key, bool isTls13)
    {
        await using var server = Start();
        var client = ClientOf(user, key, isTls13);
        var counter = new ByteCounter(server.ConnectSocket());

        Assert.ThrowsAny<IOException>(() => new WireClient(counter).Greet().StartTls(client.Encrypt));

        return (client.Alert, counter.Received, server.Log.WaitFor("disconnected"));
    }

    private WireServer Start()
    {
        var tls = new TlsSupport(TlsMode.Require, PskCredentials.Load(_file, TlsPriority.Default));
        return new WireServer(new StaticSource(new RecordingDisk(1 << 30) { Fill = 0x77 }), WireServer.DefaultOptions with { TlsSupport = tls });
    }

    private void Write(params (string User, byte[] Key)[] users)
        => File.WriteAllLines(_file, users.Select(user => $"{user.User}:{Convert.ToHexString(user.Key)}"));

    /// <summary>A client's stream that counts what comes from the server.</summary>
    private sealed class ByteCounter(Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public int Received { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var received = base.Read(buffer, offset, count);
            Received += received;
            return received;
        }

        public override int Read(Span<byte> buffer)
        {
            var received = base.Read(buffer);
            Received += received;
            return received;
        }
    }
}
