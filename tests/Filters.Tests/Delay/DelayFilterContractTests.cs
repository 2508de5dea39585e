using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

/// <summary>With the shortest delay of all, so that every request takes the long way and the suite stays quick.</summary>
public sealed class DelayFilterContractTests : FilterContract
{
    protected override IReadOnlyList<int> Sizes { get; } = [65536 + 513];

    protected override DiskSource Wrap(DiskSource inner) => new FilterUnderTest(new DelayFilter(), TimeProvider.System).Wrap(
        inner, "rdelay=1ns", "wdelay=1ns", "delay-extents=1ns", "delay-cache=1ns", "delay-flush=1ns", "delay-open=1ns", "delay-close=1ns");
}
