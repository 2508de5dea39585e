using System.Text;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Reads the list of exports that a script writes: the first line tells how the others are meant.</summary>
internal static class ScriptExports
{
    // NBD protocol, "String": what may go over the wire.
    private const int LongestString = 4096;

    /// <summary>The exports in the order of the list.</summary>
    /// <exception cref="NbdException">A name is too long for the protocol.</exception>
    public static IReadOnlyList<ExportInfo> Parse(ScriptAnswer answer)
    {
        var lines = answer.Text.Split('\n');
        if (lines[^1].Length == 0)
        {
            lines = lines[..^1];
        }

        var rest = lines.Skip(1).ToArray();
        IReadOnlyList<ExportInfo> exports = lines.FirstOrDefault() switch
        {
            "NAMES" => [.. rest.Select(name => new ExportInfo(name))],
            "INTERLEAVED" => [.. rest.Chunk(2).Select(pair => new ExportInfo(pair[0], pair.ElementAtOrDefault(1)))],
            "NAMES+DESCRIPTIONS" => Halves(rest),

            // For convenience, a list without such a line is one of names.
            _ => [.. lines.Select(name => new ExportInfo(name))],
        };
        return exports.All(export => Fits(export.Name) && Fits(export.Description ?? ""))
            ? exports
            : throw answer.NotUnderstood($"a name or description of more than {LongestString} bytes");
    }

    /// <summary>Whether the protocol can carry a text.</summary>
    public static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= LongestString;

    // With an odd number the last name goes without description.
    private static ExportInfo[] Halves(string[] lines)
    {
        var names = (lines.Length + 1) / 2;
        return [.. lines.Take(names).Select((name, i) => new ExportInfo(name, lines.ElementAtOrDefault(names + i)))];
    }
}
