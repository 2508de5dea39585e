namespace SharpNbd.Abstractions;

/// <summary>A kind of disk, without its options type; authors derive from <see cref="Plugin{TOptions}"/>.</summary>
public abstract class Plugin : Component
{
    /// <summary>What its disks serve themselves.</summary>
    public abstract DiskOperations Operations { get; }

    /// <summary>The thread model of its sources, as <c>--dump-plugin</c> tells it.</summary>
    public virtual ThreadModel ThreadModel => ThreadModel.Parallel;

    /// <summary>Keys of its own for <c>--dump-plugin</c>, for example whether the platform can punch holes.</summary>
    public virtual IEnumerable<KeyValuePair<string, string>> Facts => [];

    /// <summary>
    /// What <c>--dump-plugin</c> tells: <see cref="ThreadModel"/> and <see cref="Facts"/>, whatever the parameters, unless overridden by a
    /// plugin that knows more once it has some.
    /// </summary>
    /// <param name="values">The keys and values, in the order of the command line; mandatory ones may be missing.</param>
    /// <param name="context">What the server offers.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    /// <exception cref="ParameterException">The parameters are wrong; all that was found is in it.</exception>
    public virtual ValueTask<PluginDescription> DescribeAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken)
        => new(new PluginDescription(ThreadModel, [.. Facts.Select(fact => $"{fact.Key}={fact.Value}")]));

    /// <summary>Makes a source out of parameters as they were typed.</summary>
    /// <param name="values">The keys and values, in the order of the command line.</param>
    /// <param name="context">What the server offers.</param>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    /// <exception cref="ParameterException">The parameters are wrong; all that was found is in it.</exception>
    public abstract ValueTask<DiskSource> CreateAsync(
        IReadOnlyList<ParameterValue> values, ComponentContext context, CancellationToken cancellationToken);

    /// <summary>The plugin with parameters as they were typed; whether they are right is found out when its source is made.</summary>
    /// <param name="values">The keys and values, in the order of a command line.</param>
    public ConfiguredPlugin WithParameters(IReadOnlyList<ParameterValue> values) => new(this, (context, cancellation) => CreateAsync(values, context, cancellation));
}
