using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class ChainBuilderTests
{
    private readonly List<string> _made = [];

    [Fact]
    public async Task TheFirstFilterIsOutermostAndThePluginInnermost()
    {
        await BuildAsync(Disk(), [Filter("a"), Filter("b")], "1", "rate=2");

        Assert.Equal(["disk 1", "b 0 in front of EmulatingSource", "a 2 in front of SourceDouble"], _made);
    }

    [Fact]
    public async Task AParallelChainIsNotWrappedFurther() => Assert.IsType<EmulatingSource>(await BuildAsync(Disk(), [], "1"));

    [Theory]
    [InlineData(ThreadModel.SerializeRequests, ThreadModel.Parallel, ThreadModel.SerializeRequests)]
    [InlineData(ThreadModel.Parallel, ThreadModel.SerializeConnections, ThreadModel.SerializeConnections)]
    [InlineData(ThreadModel.SerializeAllRequests, ThreadModel.SerializeRequests, ThreadModel.SerializeAllRequests)]
    public async Task TheChainHasTheMostSerialisedModelOfItsMembers(ThreadModel plugin, ThreadModel filter, ThreadModel chain)
    {
        var source = await BuildAsync(Disk(plugin), [Filter("a", filter), Filter("b")], "1");

        Assert.IsType<SerializingSource>(source);
        Assert.Equal(chain, source.ThreadModel);
    }

    [Fact]
    public async Task AllWrongValuesAreToldAtOnceAndNothingIsMade()
    {
        var error = await Assert.ThrowsAsync<ParameterException>(
            () => BuildAsync(Disk(), [Filter("a"), Filter("b")], "size=x", "rate=y", "colour=z").AsTask());

        Assert.Equal(3, error.Errors.Count);
        Assert.StartsWith("unknown parameter 'colour'", error.Errors[0]);
        Assert.StartsWith("disk: size=x: ", error.Errors[1]);
        Assert.StartsWith("a: rate=y: ", error.Errors[2]);
        Assert.Empty(_made);
    }

    [Fact]
    public async Task WhenThePluginCannotBeMadeTheFiltersAreCheckedButNotMade()
    {
        var error = await Assert.ThrowsAsync<ParameterException>(() => BuildAsync(Disk(), [Filter("a")], "666", "rate=y").AsTask());

        Assert.Equal("disk: no such disk", error.Errors[0]);
        Assert.StartsWith("a: rate=y: ", error.Errors[1]);
        Assert.Empty(_made);
    }

    [Fact]
    public async Task WhenAFilterCannotBeMadeWhatLiesBehindItIsDisposed()
    {
        var source = new ArraySource([]);
        var disk = new StubPlugin<DiskOptions>("disk", _ => source);

        var error = await Assert.ThrowsAsync<ParameterException>(() => BuildAsync(disk, [Filter("a"), Filter("b")], "1", "rate=666").AsTask());

        Assert.Equal(["a: too fast"], error.Errors);
        Assert.Equal(1, source.CloseCount);
    }

    private static ValueTask<DiskSource> BuildAsync(Plugin plugin, Filter[] filters, params string[] words)
        => new ChainBuilder(NullLoggerFactory.Instance, TimeProvider.System).BuildAsync(plugin, filters, words, CancellationToken.None);

    private StubPlugin<DiskOptions> Disk(ThreadModel model = ThreadModel.Parallel) => new("disk", options =>
    {
        if (options.Size.Value == 666)
        {
            throw new FileNotFoundException("no such disk");
        }

        _made.Add($"disk {options.Size}");
        return new StaticSource(new RecordingDisk()) { OfferedThreadModel = model };
    });

    private StubFilter<FilterOptions> Filter(string name, ThreadModel model = ThreadModel.Parallel) => new(name, (inner, options) =>
    {
        if (options.Rate == 666)
        {
            throw new ParameterException("too fast");
        }

        _made.Add($"{name} {options.Rate} in front of {inner.GetType().Name}");
        return new SourceDouble(inner, model);
    });

    internal sealed record DiskOptions
    {
        [Parameter("size", "How large.", IsMagic = true)]
        public required ByteSize Size { get; init; }
    }

    internal sealed record FilterOptions
    {
        [Parameter("rate", "How fast.")]
        public int Rate { get; init; }
    }

    private sealed class SourceDouble(DiskSource inner, ThreadModel model) : SourceFilter(inner)
    {
        public override ThreadModel ThreadModel => model < Inner.ThreadModel ? model : Inner.ThreadModel;
    }
}
