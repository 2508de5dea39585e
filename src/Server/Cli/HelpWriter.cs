using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Writes <c>--help</c>: the options from their table, and the parameters of components from their declarations.</summary>
internal sealed class HelpWriter(TextWriter output)
{
    private const int HelpColumn = 34;

    /// <summary>Writes the usage of the server.</summary>
    public void WriteUsage(IReadOnlyList<OptionDefinition> table, IReadOnlyList<Plugin> plugins, IReadOnlyList<Filter> filters)
    {
        output.WriteLine("sharpnbd [OPTION ...] PLUGIN [[KEY=]VALUE ...]");
        output.WriteLine();
        output.WriteLine("Serves a disk to NBD clients. For example: sharpnbd -f memory 1G");
        output.WriteLine();
        output.WriteLine("Options:");
        foreach (var option in table.Where(option => option.IsBuilt))
        {
            WriteEntry(Spelling(option), option.Help!);
        }

        output.WriteLine();
        output.WriteLine("The --run command finds these shell variables: uri and nbd (the URI for clients), port, unixsocket,");
        output.WriteLine("exportname, tls (1 where clients may use TLS, 2 where they must). Use export to pass them to programs. Without -p, -i and");
        output.WriteLine("-U it gets a private Unix socket.");
        if (table.Any(option => !option.IsBuilt))
        {
            output.WriteLine();
            output.WriteLine("Known to nbdkit, not built yet: "
                + string.Join(' ', table.Where(option => !option.IsBuilt).Select(option => option.LongName)));
        }

        output.WriteLine();
        output.WriteLine("Plugins:");
        WriteComponents(plugins);
        output.WriteLine();
        output.WriteLine("Filters:");
        WriteComponents(filters);
        output.WriteLine();
        output.WriteLine("sharpnbd PLUGIN --help and sharpnbd --filter=NAME --help show the parameters.");
    }

    /// <summary>Writes the parameters of a plugin or filter.</summary>
    public void WriteParameters(Component component)
    {
        output.WriteLine();
        output.WriteLine($"{(component is Plugin ? "plugin" : "filter")}: {component.Name} ({component.Summary})");
        foreach (var parameter in component.Parameters.Declarations)
        {
            var about = parameter.IsRequired ? "(required) " + parameter.Help
                : parameter.DefaultText is { } text ? $"{parameter.Help} [{text}]"
                : parameter.Help;
            WriteEntry($"{parameter.Name}={parameter.ValueName}", about);
            if (parameter.Aliases.Count > 0)
            {
                WriteEntry("", "also spelt " + string.Join(", ", parameter.Aliases.Select(alias => alias + "=")));
            }

            if (parameter.IsMagic)
            {
                WriteEntry("", $"{parameter.Name}= may be left out");
            }
        }

        if (component.Parameters.AnyOther is { } other)
        {
            WriteEntry($"KEY={other.ValueName}", other.Help);
        }

        if (component.Parameters.Declarations.Count == 0 && component.Parameters.AnyOther is null)
        {
            output.WriteLine("  takes no parameters");
        }
    }

    private void WriteComponents(IEnumerable<Component> components)
    {
        foreach (var component in components)
        {
            WriteEntry(component.Name, component.Summary);
        }
    }

    private void WriteEntry(string name, string about)
    {
        if (name.Length + 4 > HelpColumn)
        {
            output.WriteLine("  " + name);
            name = "";
        }

        output.WriteLine(("  " + name).PadRight(HelpColumn) + about);
    }

    private static string Spelling(OptionDefinition option)
        => (option.Short is { } letter ? $"-{letter}, " : "    ") + option.LongName + (option.TakesValue ? "=" + option.ValueName : "");
}
