using Microsoft.Extensions.Logging;

namespace SharpNbd.Filters;

/// <summary>The injectors of all operations, null for those that never fail.</summary>
internal sealed record ErrorInjectors
{
    public ErrorInjector? Read { get; private init; }

    public ErrorInjector? Write { get; private init; }

    public ErrorInjector? Trim { get; private init; }

    public ErrorInjector? Zero { get; private init; }

    public ErrorInjector? Extents { get; private init; }

    public ErrorInjector? Cache { get; private init; }

    public ErrorInjector? Flush { get; private init; }

    public ErrorInjector? Open { get; private init; }

    /// <summary>Makes them from the options; null when nothing ever fails.</summary>
    public static ErrorInjectors? Of(ErrorOptions options, ErrorDice dice, ILogger logger)
    {
        var injectors = new ErrorInjectors
        {
            Read = ErrorInjector.Of("pread", options.Read, dice, logger),
            Write = ErrorInjector.Of("pwrite", options.Write, dice, logger),
            Trim = ErrorInjector.Of("trim", options.Trim, dice, logger),
            Zero = ErrorInjector.Of("zero", options.Zero, dice, logger),
            Extents = ErrorInjector.Of("extents", options.Extents, dice, logger),
            Cache = ErrorInjector.Of("cache", options.Cache, dice, logger),
            Flush = ErrorInjector.Of("flush", options.Flush, dice, logger),
            Open = ErrorInjector.Of("open", options.Open, dice, logger),
        };
        return injectors == new ErrorInjectors() ? null : injectors;
    }
}
