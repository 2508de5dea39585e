using System.Net;
using System.Net.Sockets;
using SharpNbd.Abstractions;
using SharpNbd.Filters;
using SharpNbd.Plugins;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class NbdServerTests
{
    private static readonly NbdServerOptions Nowhere = new() { Addresses = [] };

    private static ConfiguredPlugin Memory => new MemoryPlugin().With(new MemoryOptions { Size = 1 << 20 });

    [Fact]
    public async Task AClientWithinTheProcessReadsWhatItHasWritten()
    {
        await using var server = await NbdServer.StartAsync(Memory, Nowhere);

        using (var client = new WireClient(server.Connect()).OpenSimple())
        {
            client.Write(1, 512, "hello"u8.ToArray()).ExpectSimple(1).Disconnect();
        }

        using var other = new WireClient(server.Connect()).OpenSimple();
        other.Request(Wire.Read, 2, 512, 5).ExpectSimple(2, 0, "hello"u8.ToArray()).Disconnect();
    }

    [Fact]
    public async Task TheStreamOfAClientWithinTheProcessWorksWithoutTasks()
    {
        await using var server = await NbdServer.StartAsync(Memory, Nowhere);
        using var stream = server.Connect();

        var greeting = new byte[18];
        stream.ReadExactly(greeting);
        stream.Write(Wire.U32(3));
        stream.Write(Wire.Option(Wire.Abort, []));
        var reply = new byte[20];
        stream.ReadExactly(reply);

        Assert.Equal(Wire.Greeting(), greeting);
        Assert.Equal(Wire.OptionReply(Wire.Abort, Wire.Ack, []), reply);
        Assert.Equal(-1, stream.ReadByte());
    }

    [Fact]
    public async Task AStreamOfTheProgramIsServedUntilItsClientLeaves()
    {
        await using var server = await NbdServer.StartAsync(Memory, Nowhere);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new TcpClient();
        await socket.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var accepted = await listener.AcceptTcpClientAsync();
        var served = server.ServeAsync(accepted.GetStream());
        var client = new WireClient(socket.GetStream()).OpenSimple();

        Assert.False(served.IsCompleted);
        client.Request(Wire.Read, 1, 0, 4).ExpectSimple(1, 0, new byte[4]).Disconnect();

        await served;
    }

    [Fact]
    public async Task OneDiskServesAllConnectionsAndIsClosedOnceWithTheServer()
    {
        var disk = new RecordingDisk { Fill = 7 };
        await using (var server = await NbdServer.StartAsync(disk, Nowhere))
        {
            for (var i = 0; i < 3; i++)
            {
                using var client = new WireClient(server.Connect()).OpenSimple();
                client.Request(Wire.Read, 1, 0, 2).ExpectSimple(1, 0, 7, 7).Disconnect();
            }

            Assert.Equal(0, disk.CloseCount);
        }

        Assert.Equal(1, disk.CloseCount);
    }

    [Fact]
    public async Task WhatIsLeftOpenIsServedByTheNextServer()
    {
        var disk = new RecordingDisk();
        var options = Nowhere with { LeaveOpen = true };
        for (var i = 0; i < 2; i++)
        {
            await using var server = await NbdServer.StartAsync(disk, options);
            using var client = new WireClient(server.Connect()).OpenSimple();
            client.Disconnect();
        }

        Assert.Equal(0, disk.CloseCount);
    }

    [Fact]
    public async Task TheFirstFilterIsNearestToTheClient()
    {
        using var directory = new TemporaryDirectory();
        var options = Nowhere with
        {
            Filters =
            [
                new ErrorFilter().With(new ErrorOptions { ReadErrorName = "ENOSPC", ReadRate = new Probability(1) }),
                new LogFilter().With(new LogOptions { File = new FilePath(directory["log"]) }),
            ],
        };
        await using (var server = await NbdServer.StartAsync(Memory, options))
        {
            using var client = new WireClient(server.Connect()).OpenSimple();
            client.Request(Wire.Read, 1, 0, 1).ExpectSimple(1, Wire.NoSpace).Disconnect();
        }

        Assert.DoesNotContain(" Read id=", await File.ReadAllTextAsync(directory["log"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FiltersRunOnTheClockOfTheProgram()
    {
        var time = new ManualTime();
        var options = Nowhere with { Time = time, HandshakeWait = TimeSpan.Zero, Filters = [new DelayFilter().With(new DelayOptions { Read = TimeSpan.FromHours(1) })] };
        await using var server = await NbdServer.StartAsync(new RecordingDisk { Fill = 1 }, options);
        using var client = new WireClient(server.Connect()).OpenSimple();

        client.Request(Wire.Read, 1, 0, 1);
        await time.WaitForTimersAsync(1);
        time.Advance(TimeSpan.FromHours(1));

        client.ExpectSimple(1, 0, 1).Disconnect();
    }

    [Fact]
    public async Task AReadOnlyServerRefusesWrites()
    {
        await using var server = await NbdServer.StartAsync(Memory, Nowhere with { ReadOnly = true });
        using var client = new WireClient(server.Connect()).OpenSimple();

        client.Write(1, 0, [1]).ExpectSimple(1, Wire.NotPermitted).Disconnect();
    }

    [Fact]
    public async Task EveryExportHasItsOwnDisk()
    {
        var exports = new NamedExports
        {
            { "a", new RecordingDisk { Fill = 0xa } },
            { "b", new StaticSource(_ => new RecordingDisk { Fill = 0xb }), "the second" },
        };
        await using var server = await NbdServer.StartAsync(exports, Nowhere);

        foreach (var export in exports)
        {
            using var client = new WireClient(server.Connect()).OpenSimple(export.Name);
            client.Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, Convert.FromHexString("0" + export.Name)).Disconnect();
        }

        using var lost = new WireClient(server.Connect()).Greet();
        lost.Option(Wire.Go, Wire.InfoData("c")).ExpectError(Wire.Go, Wire.ErrUnknown, "there is no export 'c'; the exports are a, b");
    }

    [Fact]
    public async Task TheOnlyExportIsTheDefaultOne()
    {
        await using var server = await NbdServer.StartAsync(new NamedExports { { "only", new RecordingDisk { Fill = 3 } } }, Nowhere);
        using var client = new WireClient(server.Connect()).OpenSimple();

        client.Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 3).Disconnect();
    }

    [Fact]
    public async Task TheEndPointIsWhereClientsConnect()
    {
        await using var unix = await NbdServer.StartAsync(Memory);
        await using var tcp = await NbdServer.StartAsync(Memory, new NbdServerOptions { Addresses = [new TcpListenAddress("127.0.0.1", 0)] });

        foreach (var endPoint in new[] { unix.EndPoint!, tcp.EndPoint! })
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(endPoint);
            new WireClient(new NetworkStream(socket)).OpenSimple().Disconnect();
        }

        Assert.Equal($"nbd+unix://?socket={unix.EndPoint}", unix.Uri);
        Assert.Equal($"nbd://localhost:{((IPEndPoint)tcp.EndPoint!).Port}", tcp.Uri);
        Assert.Equal(tcp.Uri + "/disk", tcp.GetUri("disk"));
    }

    [Fact]
    public async Task SocketsAreGoneOnceItHasStopped()
    {
        using var directory = new TemporaryDirectory();
        var options = new NbdServerOptions { Addresses = [new UnixListenAddress(directory["socket"])] };
        var server = await NbdServer.StartAsync(Memory, options);
        var unasked = await NbdServer.StartAsync(Memory);
        Assert.True(File.Exists(directory["socket"]));
        var socket = $"{unasked.EndPoint}";
        Assert.True(File.Exists(socket));

        await server.DisposeAsync();
        await unasked.DisposeAsync();

        Assert.False(File.Exists(directory["socket"]));
        Assert.False(Directory.Exists(Path.GetDirectoryName(socket)));
    }

    [Fact]
    public async Task AStartThatFailsSaysWhyAndClosesTheDisk()
    {
        using var directory = new TemporaryDirectory();
        var disk = new RecordingDisk();
        var path = directory.Write("taken", []);

        var error = await Assert.ThrowsAsync<StartupException>(
            () => NbdServer.StartAsync(disk, new NbdServerOptions { Addresses = [new UnixListenAddress(path)] }));

        Assert.Equal($"cannot listen on {path}: Address already in use", error.Message);
        Assert.Equal(1, disk.CloseCount);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task OptionsThatAComponentCannotWorkWithAreTold()
    {
        var disk = new RecordingDisk();
        var options = Nowhere with { Filters = [new LogFilter().With(new LogOptions { File = new FilePath("/nowhere/log") })] };

        var filter = await Assert.ThrowsAsync<ParameterException>(() => NbdServer.StartAsync(disk, options));
        var plugin = await Assert.ThrowsAsync<ParameterException>(() => NbdServer.StartAsync(new MemoryPlugin().WithParameters([new ParameterValue("size", "big")])));

        Assert.StartsWith("logfile=/nowhere/log: ", filter.Message, StringComparison.Ordinal);
        Assert.Equal(1, disk.CloseCount);
        Assert.Contains("size=big", plugin.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatListensNowhereHasNoUri()
    {
        await using var server = await NbdServer.StartAsync(Memory, Nowhere);

        Assert.Null(server.EndPoint);
        Assert.Contains("Connect()", Assert.Throws<InvalidOperationException>(() => server.Uri).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsInFlightIsAnsweredBeforeItStops()
    {
        var disk = new RecordingDisk { CompletesAtOnce = false };
        var server = await NbdServer.StartAsync(disk, Nowhere);
        using var client = new WireClient(server.Connect()).OpenSimple();
        client.Request(Wire.Flush, 9, 0, 0);
        var call = await disk.NextCallAsync();

        var stop = server.StopAsync();
        Assert.False(server.Completion.IsCompleted);
        call.Complete();

        client.ExpectSimple(9).ExpectEnd();
        await stop;
        await server.Completion;
        Assert.Equal(1, disk.CloseCount);
        new WireClient(server.Connect()).ExpectEnd();
    }

    [Fact]
    public async Task AComponentThatAsksForTheStopGetsIt()
    {
        var plugin = new StoppingPlugin();
        await using var server = await NbdServer.StartAsync(plugin.WithParameters([]), Nowhere);

        plugin.Stop!();

        await server.Completion;
    }

    [Fact]
    public async Task AClientHasToEncryptWithTheCertificateOfTheProgram()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.IssueServer();
        var options = new NbdServerOptions { Addresses = [new TcpListenAddress("127.0.0.1", 0)], Tls = NbdServerTls.FromCertificate(certificate) };
        await using var server = await NbdServer.StartAsync(new RecordingDisk { Fill = 5 }, options);

        using (var open = new WireClient(server.Connect()).Greet())
        {
            open.Option(Wire.Go, Wire.InfoData("")).ExpectError(Wire.Go, Wire.ErrTlsReqd);
        }

        var client = new WireClient(server.Connect()).Greet().StartTls(TlsWireServer.Encrypt);
        client.Go().Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 5);
        client.Request(Wire.Disconnect, 0, 0, 0);
        Assert.StartsWith("nbds://localhost:", server.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateWithoutItsKeyIsTold()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.IssueServer();
        using var withoutKey = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(certificate.RawData);
        var disk = new RecordingDisk();

        var error = await Assert.ThrowsAsync<StartupException>(
            () => NbdServer.StartAsync(disk, Nowhere with { Tls = NbdServerTls.FromCertificate(withoutKey) }));

        Assert.Equal("the certificate CN=localhost has no private key, which a server needs", error.Message);
        Assert.Equal(1, disk.CloseCount);
    }

    /// <summary>Keeps what the server offers.</summary>
    private sealed class StoppingPlugin : Plugin<StoppingPlugin.NoOptions>
    {
        public override string Name => "stopping";

        public override string Summary => "Asks the server to stop";

        public override DiskOperations Operations => DiskOperations.None;

        public Action? Stop { get; private set; }

        protected override ValueTask<DiskSource> CreateAsync(NoOptions options, ComponentContext context, CancellationToken cancellationToken)
        {
            Stop = context.Stop;
            return new(new StaticSource(new RecordingDisk()));
        }

        internal sealed record NoOptions;
    }
}
