using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Makes the chain that the server asks: serialising (only where needed), the filters, emulation, the plugin.
/// </summary>
/// <param name="loggers">Gives each component a logger of its own name.</param>
/// <param name="time">The clock of all components.</param>
/// <param name="stop">What a component calls to stop the server, or null where none can.</param>
/// <param name="stopping">Cancelled when the server is told to stop.</param>
internal sealed class ChainBuilder(ILoggerFactory loggers, TimeProvider time, Action? stop = null, CancellationToken stopping = default)
{
    /// <summary>Makes the chain; whoever gets it disposes it.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="filters">The filters, the one nearest to the client first.</param>
    /// <param name="words">The words behind the plugin on the command line.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ParameterException">Parameters that nobody takes or that a component cannot work with; all of them at once.</exception>
    /// <exception cref="StartupException">A component failed by a mistake of its own.</exception>
    public async ValueTask<DiskSource> BuildAsync(
        Plugin plugin, IReadOnlyList<Filter> filters, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var routed = new ParameterRouter(plugin, filters).Route(words);
        if (routed.Errors.Count > 0)
        {
            throw new ParameterException([.. routed.Errors, .. Complaints(plugin, routed.Plugin), .. Complaints(filters, routed)]);
        }

        DiskSource source;
        try
        {
            source = await plugin.CreateAsync(routed.Plugin, Context(plugin), cancellationToken);
        }
        catch (Exception e) when (IsComplaint(e))
        {
            throw new ParameterException([.. Lines(plugin, e), .. Complaints(filters, routed)]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Failure(plugin, e);
        }

        ConfiguredFilter[] configured = [.. filters.Zip(routed.Filters, (filter, values) => filter.WithParameters(values))];
        return await BuildAsync(source, configured, count => Complaints(filters.Take(count), routed));
    }

    /// <summary>Makes the chain out of a plugin and filters that have their options already; whoever gets it disposes it.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="filters">The filters, the one nearest to the client first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ParameterException">Options that a component cannot work with.</exception>
    public async ValueTask<DiskSource> BuildAsync(
        ConfiguredPlugin plugin, IReadOnlyList<ConfiguredFilter> filters, CancellationToken cancellationToken)
    {
        DiskSource source;
        try
        {
            source = await plugin.CreateAsync(Context(plugin.Plugin), cancellationToken);
        }
        catch (Exception e) when (IsComplaint(e))
        {
            throw new ParameterException([.. Lines(plugin.Plugin, e)]);
        }

        return await BuildAsync(source, filters);
    }

    /// <summary>Makes the chain in front of a source, which it owns; whoever gets it disposes it.</summary>
    /// <param name="source">The source.</param>
    /// <param name="filters">The filters, the one nearest to the client first.</param>
    /// <exception cref="ParameterException">Options that a filter cannot work with.</exception>
    public ValueTask<DiskSource> BuildAsync(DiskSource source, IReadOnlyList<ConfiguredFilter> filters) => BuildAsync(source, filters, _ => []);

    /// <summary>What a component gets from the server.</summary>
    public ComponentContext Context(Component component) => new(loggers.CreateLogger(component.Name), time)
    {
        Stop = stop ?? (() => { }),
        Stopping = stopping,
    };

    private async ValueTask<DiskSource> BuildAsync(
        DiskSource source, IReadOnlyList<ConfiguredFilter> filters, Func<int, IEnumerable<string>> complaintsOfFirst)
    {
        source = new EmulatingSource(source);
        var threadModel = source.ThreadModel;
        for (var i = filters.Count - 1; i >= 0; i--)
        {
            try
            {
                source = filters[i].Wrap(source, Context(filters[i].Filter));
                threadModel = Lower(threadModel, source.ThreadModel);
            }
            catch (Exception e)
            {
                await source.DisposeAsync();
                if (IsComplaint(e))
                {
                    throw new ParameterException([.. Lines(filters[i].Filter, e), .. complaintsOfFirst(i)]);
                }

                throw;
            }
        }

        return threadModel == ThreadModel.Parallel ? source : new SerializingSource(source, threadModel);
    }

    // The smaller value is the more serialised model.
    private static ThreadModel Lower(ThreadModel a, ThreadModel b) => a < b ? a : b;

    private static bool IsComplaint(Exception e) => e is ParameterException or NbdException or IOException or UnauthorizedAccessException;

    // The component's mistake, not the user's.
    private static StartupException Failure(Component component, Exception e) => new($"{component.Name}: {e.GetType().Name}: {e.Message}", e);

    private static IEnumerable<string> Lines(Component component, Exception e)
        => Named(component, e is ParameterException { Errors: var errors } ? errors : [e.Message]);

    // What else is wrong, found without making anything: making a filter may already empty its log file.
    private static IEnumerable<string> Complaints(IEnumerable<Filter> filters, RoutedParameters routed)
        => filters.Zip(routed.Filters).SelectMany(pair => Complaints(pair.First, pair.Second));

    private static IEnumerable<string> Complaints(Component component, IReadOnlyList<ParameterValue> values)
        => Named(component, component.Parameters.Check(values));

    private static IEnumerable<string> Named(Component component, IEnumerable<string> errors)
        => errors.Select(error => $"{component.Name}: {error}");
}
