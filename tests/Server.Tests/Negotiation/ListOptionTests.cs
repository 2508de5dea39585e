using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_LIST.</summary>
public sealed class ListOptionTests
{
    [Fact]
    public async Task EveryExportHasItsReplyWithNameAndDescription()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk())
        {
            Exports = [new ExportInfo(""), new ExportInfo("eins", "the first"), new ExportInfo("zwei")],
        });
        server.Connect()
            .Greet()
            .Option(Wire.List)
            .ExpectReply(Wire.List, Wire.ServerReply, 0, 0, 0, 0)
            .ExpectReply(Wire.List, Wire.ServerReply, [0, 0, 0, 4, .. "eins"u8, .. "the first"u8])
            .ExpectReply(Wire.List, Wire.ServerReply, [0, 0, 0, 4, .. "zwei"u8])
            .ExpectReply(Wire.List, Wire.Ack)
            .Go()
            .Disconnect();
    }

    [Fact]
    public async Task NoExportsAreAnEmptyList()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()) { Exports = [] });
        server.Connect().Greet().Option(Wire.List).ExpectReply(Wire.List, Wire.Ack);
    }

    [Fact]
    public async Task DataIsInvalid()
    {
        await using var server = new WireServer(new RecordingDisk());
        server.Connect().Greet().Option(Wire.List, 0).ExpectError(Wire.List, Wire.ErrInvalid).Go().Disconnect();
    }

    [Fact]
    public async Task AFailureIsTheServers()
    {
        await using var server = new WireServer(new UnlistableSource());
        server.Connect().Greet().Option(Wire.List).ExpectError(Wire.List, Wire.ErrPlatform, "the directory is gone").Go().Disconnect();
    }

    [Fact]
    public async Task TheListMayBeLongerThanWhatTheConnectionHoldsAtOnce()
    {
        var exports = Enumerable.Range(0, 2000).Select(i => new ExportInfo($"{i:d4}", new string('d', 1000))).ToArray();
        await using var server = new WireServer(new StaticSource(new RecordingDisk()) { Exports = exports });
        var client = server.Connect(roomForReplies: 10_000).Greet().Option(Wire.List);
        foreach (var export in exports)
        {
            client.ExpectReply(
                Wire.List, Wire.ServerReply, [.. Wire.Text(export.Name), .. System.Text.Encoding.UTF8.GetBytes(export.Description!)]);
        }

        client.ExpectReply(Wire.List, Wire.Ack).Go().Disconnect();
    }

    private sealed class UnlistableSource : DiskSource
    {
        public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
            => throw new IOException("the directory is gone");

        public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new RecordingDisk());
    }
}
