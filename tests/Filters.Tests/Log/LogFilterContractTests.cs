using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

public sealed class LogFilterContractTests : FilterContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    protected override DiskSource Wrap(DiskSource inner)
        => new FilterUnderTest(new LogFilter(), TimeProvider.System).Wrap(inner, $"logfile={_directory["log"]}");

    public void Dispose() => _directory.Dispose();
}
