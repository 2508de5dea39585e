using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>A server within the process that has certificates, and clients that trust them.</summary>
internal sealed class TlsWireServer : IAsyncDisposable
{
    /// <summary>What the disk is full of.</summary>
    public const byte Fill = 0x77;

    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = new();

    public TlsWireServer(
        TlsMode mode = TlsMode.On, DiskSource? source = null, TimeProvider? time = null, Func<NbdServerOptions, NbdServerOptions>? options = null)
    {
        Source = source ?? new StaticSource(new RecordingDisk(1 << 30) { Fill = Fill });
        var credentials = CertificateCredentials.Load(_authority.WriteServer(_directory.Path), verifiesPeer: false, TlsPriority.Default);
        var common = WireServer.DefaultOptions with { TlsSupport = new TlsSupport(mode, credentials) };
        Server = new WireServer(Source, options is null ? common : options(common), time);
    }

    public DiskSource Source { get; }

    public WireServer Server { get; }

    /// <summary>The client's handshake, which trusts any server.</summary>
    public static SslStream Encrypt(Stream connection) => Encrypt(connection, SslProtocols.None);

    /// <summary>The client's handshake with a version.</summary>
    public static SslStream Encrypt(Stream connection, SslProtocols protocols, X509Certificate2? certificate = null)
    {
#pragma warning disable CA5359 // Which servers clients trust is for clients to decide; these are about the server.
        var stream = new SslStream(connection, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            ClientCertificates = certificate is null ? null : [certificate],
        }).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _authority.Dispose();
        _directory.Dispose();
    }
}
