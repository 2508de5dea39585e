using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Puts in the place of <c>@PATH</c> what stands in that file: a parameter a line, as on the command line.</summary>
internal static class ParameterFiles
{
    private const long LongestFile = 1 << 20;

    /// <summary>The words with the files' words in their places. Blank lines and those that begin with # say nothing.</summary>
    /// <exception cref="ParameterException">A file cannot be read; all of them at once.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> words)
    {
        var expanded = new List<string>();
        var errors = new List<string>();
        foreach (var word in words)
        {
            if (word is not ['@', .. { Length: > 0 } path])
            {
                expanded.Add(word);
                continue;
            }

            try
            {
                expanded.AddRange(Read(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                errors.Add($"@{path}: the file with parameters cannot be read: {e.Message}");
            }
        }

        return errors.Count == 0 ? expanded : throw new ParameterException(errors);
    }

    private static IEnumerable<string> Read(string path)
        => new FileInfo(path) is { Exists: true, Length: > LongestFile }
            ? throw new IOException($"it has more than {LongestFile} bytes")
            : File.ReadAllLines(path).Where(line => line.AsSpan().Trim() is not ("" or ['#', ..]));
}
