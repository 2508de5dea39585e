namespace SharpNbd.Server;

/// <summary>
/// Takes a command line apart with the habits of getopt_long: options and other words in any order, <c>-fvU path</c>,
/// <c>-p10809</c>, <c>--name=value</c>, <c>--name value</c>, unambiguous abbreviations of long names, and <c>--</c> before words that are
/// never options.
/// </summary>
internal sealed class CommandLineParser(IReadOnlyList<OptionDefinition> table)
{
    /// <summary>Takes a command line apart. Never fails: what cannot be read is in the result's errors.</summary>
    public CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var options = new List<GivenOption>();
        var words = new List<string>();
        var errors = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                words.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                ReadLong(argument, arguments, ref i, options, errors);
            }
            else if (argument.Length > 1 && argument[0] == '-')
            {
                ReadShort(argument, arguments, ref i, options, errors);
            }
            else
            {
                words.Add(argument);
            }
        }

        return new CommandLine(options, words, errors);
    }

    private void ReadLong(string argument, IReadOnlyList<string> arguments, ref int i, List<GivenOption> options, List<string> errors)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument[2..] : argument[2..equals];
        var matches = name.Length > 0 ? Matches(name) : [];
        if (matches.Count == 0)
        {
            var nearest = NearestName.Of(name, table.SelectMany(definition => definition.Long));
            errors.Add($"there is no option --{name}{(nearest is null ? "" : $"; did you mean --{nearest}?")} (--help lists all)");
            return;
        }

        if (matches.Count > 1)
        {
            var possible = matches.SelectMany(match => match.Long)
                .Where(candidate => candidate.StartsWith(name, StringComparison.Ordinal)).Select(candidate => "--" + candidate);
            errors.Add($"--{name} is ambiguous: {string.Join(", ", possible)}");
            return;
        }

        var definition = matches[0];
        if (!definition.TakesValue)
        {
            if (equals >= 0)
            {
                errors.Add($"{definition.LongName} takes no value");
                return;
            }

            options.Add(new GivenOption(definition, ""));
        }
        else if (equals >= 0)
        {
            options.Add(new GivenOption(definition, argument[(equals + 1)..]));
        }
        else
        {
            ReadValue(definition, definition.LongName, arguments, ref i, options, errors);
        }
    }

    private void ReadShort(string argument, IReadOnlyList<string> arguments, ref int i, List<GivenOption> options, List<string> errors)
    {
        for (var position = 1; position < argument.Length; position++)
        {
            var letter = argument[position];
            if (table.FirstOrDefault(candidate => candidate.Short == letter) is not { } definition)
            {
                errors.Add($"there is no option -{letter} (--help lists all)");
                continue;
            }

            if (!definition.TakesValue)
            {
                options.Add(new GivenOption(definition, ""));
                continue;
            }

            if (position + 1 < argument.Length)
            {
                options.Add(new GivenOption(definition, argument[(position + 1)..]));
            }
            else
            {
                ReadValue(definition, $"-{letter}", arguments, ref i, options, errors);
            }

            return;
        }
    }

    // The word behind an option is its value whatever it looks like, as in getopt.
    private static void ReadValue(
        OptionDefinition definition, string spelling, IReadOnlyList<string> arguments, ref int i, List<GivenOption> options, List<string> errors)
    {
        if (i + 1 < arguments.Count)
        {
            options.Add(new GivenOption(definition, arguments[++i]));
        }
        else
        {
            errors.Add($"{spelling} needs a value: {spelling} {definition.ValueName}");
        }
    }

    /// <summary>The option of exactly this name, else those that it abbreviates.</summary>
    private List<OptionDefinition> Matches(string name)
    {
        if (table.FirstOrDefault(definition => definition.Long.Contains(name)) is { } exact)
        {
            return [exact];
        }

        var abbreviated = table.Where(definition => definition.Long.Any(full => full.StartsWith(name, StringComparison.Ordinal))).ToList();
        var classic = abbreviated.Where(definition => !definition.IsNewer).ToList();
        return classic.Count > 0 ? classic : abbreviated;
    }
}
