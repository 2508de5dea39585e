using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

public sealed class ErrorFilterContractTests : FilterContract
{
    /// <summary>Every operation is looked at, and none fails.</summary>
    protected override DiskSource Wrap(DiskSource inner)
        => new FilterUnderTest(new ErrorFilter()).Wrap(inner, "error-rate=1", "error-flush-rate=1", "error-open-rate=1", "error-file=/nonexistent");
}
