namespace SharpNbd.Abstractions;

/// <summary>A kind of filter, without its options type; authors derive from <see cref="Filter{TOptions}"/>.</summary>
public abstract class Filter : Component
{
    /// <summary>Puts the filter in front of a source.</summary>
    /// <param name="inner">The next source towards the plugin, owned by the result.</param>
    /// <param name="values">The keys and values, in the order of the command line.</param>
    /// <param name="context">What the server offers.</param>
    /// <exception cref="ParameterException">The parameters are wrong; all that was found is in it.</exception>
    public abstract DiskSource Wrap(DiskSource inner, IReadOnlyList<ParameterValue> values, ComponentContext context);

    /// <summary>The filter with parameters as they were typed; whether they are right is found out when it is put in front of a source.</summary>
    /// <param name="values">The keys and values, in the order of a command line.</param>
    public ConfiguredFilter WithParameters(IReadOnlyList<ParameterValue> values) => new(this, (inner, context) => Wrap(inner, values, context));
}
