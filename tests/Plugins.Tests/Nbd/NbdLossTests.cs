using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>The server dies, with requests in flight, and another one takes its place. The plugin follows a symbolic link to it.</summary>
public sealed class NbdLossTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();

    private string Link => _directory["link"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task WithoutRetryWhatIsInFlightFailsAndSoDoesWhatComes()
    {
        var first = new RecordingDisk { CompletesAtOnce = false };
        var dying = await StartAsync(new StaticSource(first));
        await using var source = await CreateAsync();
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        var write = disk.WriteAsync(0, new byte[100], WriteFlags.None, CancellationToken.None).AsTask();
        var call = await first.NextCallAsync();

        await dying.DisposeAsync();

        var error = await Assert.ThrowsAsync<NbdException>(() => write);
        Assert.Equal((NbdError.EIO, true), (error.Error, error.IsLogged));
        await Assert.ThrowsAsync<NbdException>(async () => await disk.FlushAsync(CancellationToken.None));
        Assert.Single(_logger.Messages, line => line.Contains("the upstream server is lost", StringComparison.Ordinal));
        call.Complete();
    }

    [Fact]
    public async Task WithRetryAWriteThatWasInFlightIsMadeAgain()
    {
        var first = new RecordingDisk { CompletesAtOnce = false };
        var dying = await StartAsync(new StaticSource(first));
        await using var source = await CreateAsync("retry=5");
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        var write = disk.WriteAsync(10, new byte[] { 1, 2, 3 }, WriteFlags.None, CancellationToken.None).AsTask();
        var call = await first.NextCallAsync();

        var content = new byte[1 << 20];
        await using var next = await StartAsync(new ArraySource(content));
        await dying.DisposeAsync();
        await write;

        Assert.Equal([1, 2, 3], content[10..13]);
        call.Complete();
    }

    [Fact]
    public async Task AFlushIsNotAcknowledgedWhenWritesMayBeGone()
    {
        var dying = await StartAsync(new ArraySource(new byte[1 << 20]));
        await using var source = await CreateAsync("retry=5");
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        await using var other = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        await disk.WriteAsync(0, new byte[100], WriteFlags.None, CancellationToken.None);

        await using var next = await StartAsync(new ArraySource(new byte[1 << 20]));
        await dying.DisposeAsync();
        await disk.ReadAsync(0, new byte[1], CancellationToken.None);

        // Each client hears of it once: either may have had its writes acknowledged by the one that is gone.
        Assert.Equal(NbdError.EIO, (await Assert.ThrowsAsync<NbdException>(async () => await disk.FlushAsync(CancellationToken.None))).Error);
        await Assert.ThrowsAsync<NbdException>(async () => await other.FlushAsync(CancellationToken.None));
        await disk.FlushAsync(CancellationToken.None);
        await other.FlushAsync(CancellationToken.None);
    }

    [Fact]
    public async Task AFlushGoesOnWhereEverythingWasStable()
    {
        var dying = await StartAsync(new ArraySource(new byte[1 << 20]));
        await using var source = await CreateAsync("retry=5");
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        await disk.WriteAsync(0, new byte[100], WriteFlags.None, CancellationToken.None);
        await disk.FlushAsync(CancellationToken.None);
        await disk.WriteAsync(0, new byte[100], WriteFlags.Fua, CancellationToken.None);

        await using var next = await StartAsync(new ArraySource(new byte[1 << 20]));
        await dying.DisposeAsync();

        await disk.FlushAsync(CancellationToken.None);
    }

    [Fact]
    public async Task AnotherDiskInItsPlaceIsNotTakenForIt()
    {
        var dying = await StartAsync(new ArraySource(new byte[1 << 20]));
        await using var source = await CreateAsync("retry=5");
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);

        await using var next = await StartAsync(new ArraySource(new byte[4096]));
        await dying.DisposeAsync();

        var error = await Assert.ThrowsAsync<NbdException>(async () => await disk.ReadAsync(0, new byte[1], CancellationToken.None));
        Assert.True(error.IsLogged);
        Assert.Single(_logger.Messages, line => line.Contains("does not come back", StringComparison.Ordinal));
        Assert.Contains("has 4096 bytes now, and had 1048576", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatLeavesTakesItsRequestsAlong()
    {
        var hanging = new RecordingDisk { CompletesAtOnce = false };
        await using var server = await StartAsync(new StaticSource(hanging));
        await using var source = await CreateAsync("retry=5");
        using var closed = new CancellationTokenSource();
        await using var disk = await source.OpenAsync(new OpenRequest { ConnectionClosed = closed.Token }, CancellationToken.None);
        var read = disk.ReadAsync(0, new byte[10], closed.Token).AsTask();
        var call = await hanging.NextCallAsync();

        await closed.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        call.Complete();
    }

    [Fact]
    public async Task OnASharedConnectionAClientThatLeavesDisturbsNobody()
    {
        var hanging = new RecordingDisk { CompletesAtOnce = false };
        await using var server = await StartAsync(new StaticSource(hanging));
        await using var source = await CreateAsync("shared=true");
        using var closed = new CancellationTokenSource();
        await using var leaving = await source.OpenAsync(new OpenRequest { ConnectionClosed = closed.Token }, CancellationToken.None);
        await using var staying = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        var read = leaving.ReadAsync(0, new byte[10], closed.Token).AsTask();
        var call = await hanging.NextCallAsync();
        var other = staying.ReadAsync(0, new byte[10], CancellationToken.None).AsTask();
        var otherCall = await hanging.NextCallAsync();

        await closed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        call.Complete();
        otherCall.Complete();
        await other;
    }

    private async Task<ListeningServer> StartAsync(DiskSource source)
    {
        var server = await ListeningServer.StartAsync(source, stopGrace: TimeSpan.Zero);
        File.Delete(Link);
        File.CreateSymbolicLink(Link, server.SocketPath);
        return server;
    }

    private ValueTask<DiskSource> CreateAsync(params string[] words)
        => PluginRunner.CreateAsync(new NbdPlugin(), _logger, [$"socket={Link}", .. words]);
}
