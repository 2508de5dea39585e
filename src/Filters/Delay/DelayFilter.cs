using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>Makes requests slow, for tests of clients and of races.</summary>
public sealed class DelayFilter : Filter<DelayOptions>
{
    public override string Name => "delay";

    public override string Summary => "delay requests by some time";

    protected override DiskSource Wrap(DiskSource inner, DelayOptions options, ComponentContext context)
        => options == new DelayOptions() ? inner : new DelaySource(inner, options, context.Time);
}
