using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>The filters that come with the server, a line each, in alphabetical order.</summary>
public static class BuiltInFilters
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Filter> All { get; } =
    [
        new DelayFilter(),
        new ErrorFilter(),
        new LogFilter(),
    ];
}
