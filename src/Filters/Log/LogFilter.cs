using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>Writes a line for every request and its end.</summary>
public sealed class LogFilter : Filter<LogOptions>
{
    public override string Name => "log";

    public override string Summary => "log every request to a file or a script";

    protected override DiskSource Wrap(DiskSource inner, LogOptions options, ComponentContext context)
        => options.File is null && options.Script is null ? inner : new LogSource(inner, options, context);
}
