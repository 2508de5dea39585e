using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>Lets requests fail, for tests of clients.</summary>
public sealed class ErrorFilter : Filter<ErrorOptions>
{
    public override string Name => "error";

    public override string Summary => "inject errors into replies";

    protected override DiskSource Wrap(DiskSource inner, ErrorOptions options, ComponentContext context)
    {
        var dice = new ErrorDice(options.Seed);
        var injectors = ErrorInjectors.Of(options, dice, context.Logger);
        return injectors is null ? inner : new ErrorSource(inner, injectors);
    }
}
