using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Reads the values of options, in the syntax that parameters have too. What is wrong is kept.</summary>
internal sealed class OptionValues(CommandLine line)
{
    private readonly List<string> _errors = [];

    /// <summary>What was wrong, a line each.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>A whole number as in C, or null where the option is not given.</summary>
    public long? Number(Option option, long least, long most)
        => Value(option, text => (long)ValueSyntax.Of(typeof(long)).Parse(text) is var number && number >= least && number <= most
            ? number
            : throw new FormatException(), $"a number from {least} to {most} is needed");

    /// <summary>A number of bytes, or null where the option is not given.</summary>
    public long? Size(Option option) => Value(option, text => ByteSize.Parse(text).Value, "a size is needed, such as 512M or 1G");

    /// <summary>A time, or null where the option is not given.</summary>
    public TimeSpan? Delay(Option option)
        => Value(option, Abstractions.Delay.Parse, "a number of seconds is needed, or a number followed by s, ms, us or ns; 0 for ever");

    private T? Value<T>(Option option, Func<string, T> parse, string accepted)
        where T : struct
    {
        var given = line.Options.LastOrDefault(given => given.Definition.Option == option);
        if (given.Definition is not { } definition)
        {
            return null;
        }

        try
        {
            return parse(given.Value);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            _errors.Add(definition.Short is { } letter ? $"-{letter} {given.Value}: {accepted}" : $"{definition.LongName}={given.Value}: {accepted}");
            return null;
        }
    }
}
