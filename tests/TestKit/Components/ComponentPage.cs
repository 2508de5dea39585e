using System.Text.RegularExpressions;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>The page of a plugin or filter, and what must hold between it and the component's declarations.</summary>
public static partial class ComponentPage
{
    /// <summary>Everything that is wrong with a component's page or with how it presents itself; empty when all is well.</summary>
    /// <param name="component">The component.</param>
    /// <param name="folder">The folder of all its kind, such as <c>src/Plugins</c>.</param>
    public static IReadOnlyList<string> Complaints(Component component, string folder)
    {
        var complaints = new List<string>();
        if (!NameForm().IsMatch(component.Name))
        {
            complaints.Add($"the name '{component.Name}' is not made of lower-case letters, digits and -");
        }

        if (component.Summary.Length == 0 || component.Summary.EndsWith('.') || component.Summary.Contains('\n', StringComparison.Ordinal))
        {
            complaints.Add($"the summary '{component.Summary}' is not one line without a full stop");
        }

        var pages = Directory.GetFiles(Path.Combine(Repository.Root, folder), $"{component.Name}.md", SearchOption.AllDirectories);
        if (pages is not [var page])
        {
            return [.. complaints, $"there are {pages.Length} pages {component.Name}.md"];
        }

        var lines = File.ReadAllLines(page);
        if (lines[0] != $"# {component.Name}")
        {
            complaints.Add($"the page begins with '{lines[0]}' instead of '# {component.Name}'");
        }

        complaints.AddRange(((string[])["## Synopsis", "## Parameters", "## See also"])
            .Where(heading => !lines.Contains(heading)).Select(heading => $"the page has no '{heading}'"));
        complaints.AddRange(ComplaintsAboutTable(component.Parameters, Rows(lines)));
        return complaints;
    }

    private static IEnumerable<string> ComplaintsAboutTable(ParameterTable table, IReadOnlyList<string[]> rows)
    {
        var declared = table.Declarations.Select(declaration => $"`{declaration.Name}={declaration.ValueName}`").ToList();
        var shown = rows.Select(row => row[0]).ToList();

        // What the component takes besides its own keys has a row without a name of its own.
        if (table.AnyOther is { } other)
        {
            declared.Add($"`KEY={other.ValueName}`");
        }

        if (!declared.SequenceEqual(shown))
        {
            yield return $"the page's parameters are\n  {string.Join("\n  ", shown)}\nbut those that are declared are\n  {string.Join("\n  ", declared)}";
            yield break;
        }

        foreach (var (declaration, row) in table.Declarations.Zip(rows))
        {
            foreach (var alias in declaration.Aliases.Where(alias => !row[1].Contains($"`{alias}=`", StringComparison.Ordinal)))
            {
                yield return $"the row of {declaration.Name} does not mention its other spelling `{alias}=`";
            }

            if (declaration.DefaultText is { } text && row[2] != text && row[2] != $"`{text}`")
            {
                yield return $"the default of {declaration.Name} is '{text}', but its row says '{row[2]}'";
            }

            if (declaration.DefaultText is null && row[2] != (declaration.IsRequired ? "required" : ""))
            {
                yield return $"{declaration.Name} has no default, but its row says '{row[2]}'";
            }
        }
    }

    /// <summary>The cells of the first table whose heading is that of parameters.</summary>
    private static List<string[]> Rows(string[] lines)
        => [.. lines.SkipWhile(line => line != "| Parameter | Meaning | Default |").Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => CellBorder().Split(line)[1..^1].Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToArray())];

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex NameForm();

    // A bar inside a cell is written with a backslash.
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();
}
