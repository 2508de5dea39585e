using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Makes the chain that the server asks: serialising (only where needed), the filters, emulation, the plugin.
/// </summary>
/// <param name="loggers">Gives each component a logger of its own name.</param>
/// <param name="time">The clock of all components.</param>
internal sealed class ChainBuilder(ILoggerFactory loggers, TimeProvider time)
{
    /// <summary>Makes the chain; whoever gets it disposes it.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="filters">The filters, the one nearest to the client first.</param>
    /// <param name="words">The words behind the plugin on the command line.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ParameterException">Parameters that nobody takes or that a component cannot work with; all of them at once.</exception>
    public async ValueTask<DiskSource> BuildAsync(
        Plugin plugin, IReadOnlyList<Filter> filters, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var routed = new ParameterRouter(plugin, filters).Route(words);
        var errors = new List<string>(routed.Errors);
        DiskSource source = new UnavailableSource();
        try
        {
            source = new EmulatingSource(await plugin.CreateAsync(routed.Plugin, Context(plugin), cancellationToken));
        }
        catch (Exception e) when (IsComplaint(e))
        {
            errors.AddRange(Lines(plugin, e));
        }

        // Also behind a plugin that could not be made, to find what else is wrong.
        var threadModel = source.ThreadModel;
        for (var i = filters.Count - 1; i >= 0; i--)
        {
            try
            {
                source = filters[i].Wrap(source, routed.Filters[i], Context(filters[i]));
                threadModel = Lower(threadModel, source.ThreadModel);
            }
            catch (Exception e) when (IsComplaint(e))
            {
                errors.AddRange(Lines(filters[i], e));
            }
        }

        if (errors.Count > 0)
        {
            await source.DisposeAsync();
            throw new ParameterException(errors);
        }

        return threadModel == ThreadModel.Parallel ? source : new SerializingSource(source, threadModel);
    }

    private ComponentContext Context(Component component) => new(loggers.CreateLogger(component.Name), time);

    // The smaller value is the more serialised model.
    private static ThreadModel Lower(ThreadModel a, ThreadModel b) => a < b ? a : b;

    private static bool IsComplaint(Exception e) => e is ParameterException or NbdException or IOException or UnauthorizedAccessException;

    private static IEnumerable<string> Lines(Component component, Exception e)
        => (e is ParameterException { Errors: var errors } ? errors : [e.Message]).Select(error => $"{component.Name}: {error}");
}
