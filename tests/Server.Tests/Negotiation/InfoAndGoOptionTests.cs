using System.Text;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_INFO and NBD_OPT_GO, which answer alike.</summary>
public sealed class InfoAndGoOptionTests : IAsyncDisposable
{
    private static readonly byte[] Export = [0, 0, .. Wire.U64(1 << 20), 0x0d, 0x6d];

    private readonly List<RecordingDisk> _opened = [];
    private readonly StaticSource _source;
    private readonly WireServer _server;

    public InfoAndGoOptionTests()
    {
        _source = new StaticSource(request =>
        {
            if (request.ExportName != "main")
            {
                throw new NbdException(NbdError.EINVAL, $"there is no '{request.ExportName}' here");
            }

            var disk = new RecordingDisk
            {
                OfferedDescription = "a disk",
                OfferedCapabilities = RecordingDisk.Everything with { BlockSize = new BlockSize(512, 4096, 32 << 20) },
            };
            _opened.Add(disk);
            return disk;
        })
        {
            DefaultExport = "main",
        };
        _server = new WireServer(_source);
    }

    [Fact]
    public async Task InfoTellsAndClosesTheDiskAgain()
    {
        _server.Connect()
            .Greet()
            .Option(Wire.Info, Wire.InfoData("main"))
            .ExpectReply(Wire.Info, Wire.InfoReply, Export)
            .ExpectReply(Wire.Info, Wire.Ack)
            .Option(Wire.Abort).ExpectReply(Wire.Abort, Wire.Ack).ExpectEnd();

        await _server.DisposeAsync();
        Assert.Equal(1, Assert.Single(_opened).CloseCount);
    }

    [Fact]
    public async Task GoTellsAndGoesToTheTransmissionPhaseWithoutPadding()
    {
        _server.Connect()
            .Greet(1)
            .Option(Wire.Go, Wire.InfoData("main"))
            .ExpectReply(Wire.Go, Wire.InfoReply, Export)
            .ExpectReply(Wire.Go, Wire.Ack)
            .Request(Wire.Read, 1, 0, 512).ExpectSimple(1, 0, new byte[512])
            .Disconnect();

        await _server.DisposeAsync();
        Assert.Equal(1, Assert.Single(_opened).CloseCount);
    }

    [Theory]
    [InlineData(Wire.Info)]
    [InlineData(Wire.Go)]
    public void EverythingThatIsAskedForIsToldInThatOrder(uint option)
        => _server.Connect()
            .Greet()
            .Option(option, Wire.InfoData("", 3, 2, 1))
            .ExpectReply(option, Wire.InfoReply, Export)
            .ExpectReply(option, Wire.InfoReply, [0, 3, .. Wire.U32(512), .. Wire.U32(4096), .. Wire.U32(32 << 20)])
            .ExpectReply(option, Wire.InfoReply, [0, 2, .. "a disk"u8])
            .ExpectReply(option, Wire.InfoReply, [0, 1, .. "main"u8])
            .ExpectReply(option, Wire.Ack);

    [Theory]
    [InlineData(Wire.Info)]
    [InlineData(Wire.Go)]
    public void RepeatedAndUnknownInformationTypesAreToldOnceAndNotAtAll(uint option)
        => _server.Connect()
            .Greet()
            .Option(option, Wire.InfoData("main", 99, 1, 0, 1, 0xffff, 0, 4))
            .ExpectReply(option, Wire.InfoReply, Export)
            .ExpectReply(option, Wire.InfoReply, [0, 1, .. "main"u8])
            .ExpectReply(option, Wire.Ack);

    [Fact]
    public async Task BlockSizesOfADiskWithoutAnyAreOursAndADescriptionIsNotInvented()
    {
        await using var server = new WireServer(new RecordingDisk());
        server.Connect()
            .Greet()
            .Option(Wire.Info, Wire.InfoData("", 3, 2))
            .ExpectReply(Wire.Info, Wire.InfoReply, Export)
            .ExpectReply(Wire.Info, Wire.InfoReply, [0, 3, .. Wire.U32(1), .. Wire.U32(4096), .. Wire.U32(64 << 20)])
            .ExpectReply(Wire.Info, Wire.Ack);
    }

    [Theory]
    [InlineData(Wire.Info)]
    [InlineData(Wire.Go)]
    public void AnUnknownExportIsRefusedWithTheReasonAndAnotherMayFollow(uint option)
        => _server.Connect()
            .Greet()
            .Option(option, Wire.InfoData("nosuch"))
            .ExpectError(option, Wire.ErrUnknown, "there is no 'nosuch' here")
            .Go("main")
            .Disconnect();

    [Theory]
    [InlineData(new byte[0])] // nothing at all
    [InlineData(new byte[] { 0, 0, 0, 0 })] // no count
    [InlineData(new byte[] { 0, 0, 0, 0, 0 })] // half a count
    [InlineData(new byte[] { 0, 0, 0, 5, (byte)'m', (byte)'a', (byte)'i', (byte)'n', 0, 0 })] // a name that reaches into the count
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0, 0 })] // a name of 4 GiB
    [InlineData(new byte[] { 0x7f, 0xff, 0xff, 0xff, 0, 0 })] // a name of 2 GiB
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 1 })] // one type is missing
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 1, 0 })] // half of it is
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })] // one type too many
    [InlineData(new byte[] { 0, 0, 0, 0, 0x80, 0, 0, 0 })] // 32768 types
    public void LengthsThatDoNotAgreeAreInvalidAndTheStreamStaysInStep(byte[] data)
    {
        foreach (var option in (uint[])[Wire.Info, Wire.Go])
        {
            _server.Connect()
                .Greet()
                .Option(option, data).ExpectError(option, Wire.ErrInvalid, "length")
                .Go("main")
                .Disconnect();
        }
    }

    [Fact]
    public void NamesThatAreTooLongOrNoTextAreInvalid()
    {
        var client = _server.Connect().Greet();
        foreach (var (name, problem) in new (byte[], string)[]
            {
                (Wire.Filled(4097, (byte)'a'), "4097"), ([(byte)'a', 0, (byte)'b'], "NUL"), ([0xff], "UTF-8"),
            })
        {
            client.Option(Wire.Go, [.. Wire.Text(name), 0, 0]).ExpectError(Wire.Go, Wire.ErrInvalid, problem);
        }

        Assert.Empty(_source.Requests);
        client.Go("main").Disconnect();
    }

    [Fact]
    public void TheLongestNameReachesTheSource()
    {
        var name = string.Concat(Enumerable.Repeat("ä", 2048));
        _server.Connect().Greet().Option(Wire.Info, Wire.InfoData(name)).ExpectError(Wire.Info, Wire.ErrUnknown);

        Assert.Equal(name, Assert.Single(_source.Requests).ExportName);
    }

    [Fact]
    public void AReasonThatIsTooLongForTheProtocolIsCut()
    {
        // The name and the words around it come to more than 4096 bytes.
        var client = _server.Connect().Greet().Option(Wire.Info, Wire.InfoData(new string('x', 4096)));

        client.Expect([.. Wire.U64(0x0003e889045565a9), .. Wire.U32(Wire.Info), .. Wire.U32(Wire.ErrUnknown), .. Wire.U32(4096)]);
        Assert.StartsWith("there is no 'xxx", Encoding.UTF8.GetString(client.Receive(4096)), StringComparison.Ordinal);
        client.Go("main").Disconnect();
    }

    [Fact]
    public async Task AnyExceptionOfASourceRefusesTheExportOnly()
    {
        await using var server = new WireServer(new StaticSource(request => request.ExportName switch
        {
            "io" => throw new IOException("cannot be read"),
            "bug" => throw new InvalidOperationException("a mistake"),
            _ => new RecordingDisk(),
        }));
        server.Connect()
            .Greet()
            .Option(Wire.Go, Wire.InfoData("io")).ExpectError(Wire.Go, Wire.ErrUnknown, "cannot be read")
            .Option(Wire.Go, Wire.InfoData("bug")).ExpectError(Wire.Go, Wire.ErrUnknown, "a mistake")
            .Go()
            .Disconnect();
    }

    [Fact]
    public async Task AReadOnlyServerSaysSoAndTellsTheSource()
    {
        var source = new StaticSource(new RecordingDisk());
        await using var server = new WireServer(source, WireServer.DefaultOptions with { ReadOnly = true });
        server.Connect()
            .Greet()
            .Option(Wire.Info, Wire.InfoData(""))

            // HAS_FLAGS, READ_ONLY, SEND_FLUSH, CAN_MULTI_CONN, SEND_CACHE
            .ExpectReply(Wire.Info, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), 0x05, 0x07])
            .ExpectReply(Wire.Info, Wire.Ack);

        Assert.True(Assert.Single(source.Requests).ReadOnly);
    }

    [Fact]
    public async Task TheLargestDiskIsToldRight()
    {
        await using var server = new WireServer(new RecordingDisk(long.MaxValue));
        server.Connect()
            .Greet()
            .Option(Wire.Info, Wire.InfoData(""))
            .ExpectReply(Wire.Info, Wire.InfoReply, [0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0d, 0x6d]);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
