namespace SharpNbd.Abstractions;

/// <summary>
/// A path on the server's file system, made absolute when the command line is read, so that it still means the same when
/// the server has left its directory.
/// </summary>
/// <param name="Value">The absolute path.</param>
public readonly record struct FilePath(string Value)
{
    /// <summary>Reads a path as it is typed.</summary>
    /// <param name="text">A path, relative to the current directory or absolute; not empty.</param>
    /// <exception cref="FormatException">The text is empty or holds a NUL.</exception>
    public static FilePath Parse(string text)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
        {
            throw new FormatException("a path is needed");
        }

        return new FilePath(Path.GetFullPath(text));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
