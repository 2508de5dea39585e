using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>However a connection ends, every byte that it took from the server's budget goes back.</summary>
public sealed class MemoryOfABrokenConnectionTests
{
    private const long Budget = 64 << 20;

    private readonly MemoryBudget _budget = new(Budget);

    [Fact]
    public void AWriteThatIsTooLongToBeSkipped()
    {
        // The first request leaves its buffer to the next one, which never gets as far as a reply.
        AfterServing(client => client
            .OpenSimple()
            .Request(Wire.Read, 1, 0, 8 << 20)
            .ExpectSimple(1, 0, new byte[8 << 20])
            .Request(Wire.Write, 2, 0, 0xf0000000)
            .ExpectEnd());
    }

    [Fact]
    public void AWrongMagicBehindAGoodRequest()
    {
        AfterServing(client => client
            .OpenSimple()
            .Send([.. Wire.Request(Wire.Read, 1, 0, 100_000), .. Wire.Request(Wire.Read, 2, 0, 8 << 20), .. new byte[28]])
            .ExpectSimple(1, 0, new byte[100_000])
            .ExpectSimple(2, 0, new byte[8 << 20])
            .ExpectEnd());
    }

    [Fact]
    public void AWrongMagicInTheSamePieceAsAGoodRequestDoesNotCostItsReply()
    {
        AfterServing(client => client
            .OpenSimple()
            .Send([.. Wire.Request(Wire.Read, 1, 0, 512), .. new byte[28]])
            .ExpectSimple(1, 0, new byte[512])
            .ExpectEnd());
    }

    [Fact]
    public void APayloadThatIsCutOff()
    {
        AfterServing(client => client
            .OpenSimple()
            .Send([.. Wire.Request(Wire.Write, 1, 0, 8 << 20), .. new byte[1000]])
            .Dispose());
    }

    [Fact]
    public void APeerThatGoesBeforeItReadsItsReply()
    {
        AfterServing(client => client
            .OpenSimple()
            .Request(Wire.Read, 1, 0, 8 << 20)
            .Request(Wire.Read, 2, 0, 8 << 20)
            .Dispose());
    }

    private void AfterServing(Action<WireClient> script)
    {
        var requests = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var replies = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var connection = new Connection(
            new PipeTransport(requests.Reader, replies.Writer, "pipe"), new StaticSource(new RecordingDisk(1L << 40)),
            WireServer.DefaultOptions, _budget, TimeProvider.System, NullLogger.Instance);
        var thread = new Thread(connection.Run);
        thread.Start();
        script(new WireClient(new WirePipeStream(replies.Reader, requests.Writer)));
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)), "the connection does not end");

        Assert.True(_budget.TryTake(Budget, TimeSpan.Zero), "some of the budget was not given back");
    }
}
