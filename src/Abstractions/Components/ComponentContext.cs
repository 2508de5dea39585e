using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SharpNbd.Abstractions;

/// <summary>What the server offers to a plugin or filter. One for each component of the chain.</summary>
/// <param name="logger">Where it writes; the category is the component's name.</param>
/// <param name="time">The clock that it uses for delays and dates.</param>
public sealed class ComponentContext(ILogger logger, TimeProvider time)
{
    /// <summary>For components that stand alone: messages go nowhere, the clock is the system's, and nothing stops.</summary>
    internal static ComponentContext None { get; } = new(NullLogger.Instance, TimeProvider.System);

    /// <summary>Where it writes; the category is the component's name.</summary>
    public ILogger Logger { get; } = logger;

    /// <summary>The clock that it uses for delays and dates, so that tests need not wait.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>
    /// Cancelled as soon as the server is told to stop, when requests still have a few seconds to end. What would wait without a bound
    /// watches it.
    /// </summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Tells the server to stop, as a signal would. Returns at once; what is in flight is answered.</summary>
    public Action Stop { get; init; } = () => { };
}
