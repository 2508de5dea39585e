using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

/// <summary>Puts a filter in front of a source as the server does, with parameters as they are typed.</summary>
internal sealed class FilterUnderTest(Filter filter, TimeProvider? time = null)
{
    public RecordingLogger Logger { get; } = new();

    public ManualTime Time => (ManualTime)Clock;

    private TimeProvider Clock { get; } = time ?? new ManualTime();

    public DiskSource Wrap(DiskSource inner, params string[] parameters)
    {
        var values = parameters.Select(parameter => parameter.Split('=', 2)).Select(pair => new ParameterValue(pair[0], pair[1]));
        return filter.Wrap(inner, [.. values], new ComponentContext((ILogger)Logger, Clock));
    }

    /// <summary>Opens a disk through the filter.</summary>
    public Task<Disk> OpenAsync(Disk inner, params string[] parameters) => OpenAsync(new StaticSource(inner), parameters);

    /// <summary>Opens a disk of a source through the filter.</summary>
    public async Task<Disk> OpenAsync(DiskSource inner, params string[] parameters)
        => await Wrap(inner, parameters).OpenAsync(new OpenRequest(), CancellationToken.None);
}
