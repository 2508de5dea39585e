namespace SharpNbd.Server;

/// <summary>The directories in which components of one kind are looked for by name, when no built-in one has it.</summary>
internal sealed class SearchPath
{
    private SearchPath(IReadOnlyList<string> given, string own)
    {
        Given = given;
        First = given.Count > 0 ? given[0] : own;
        All = [.. given, own];
    }

    /// <summary>The directories that the user named, absolute.</summary>
    public IReadOnlyList<string> Given { get; }

    /// <summary>Where a new component is best put: what <c>--dump-config</c> tells.</summary>
    public string First { get; }

    /// <summary>All of them in the order in which they are searched; the program's own is the last.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Where plugins are looked for, when <c>--plugindir</c> names these directories.</summary>
    public static SearchPath Plugins(IReadOnlyList<string> options) => Of(options, "SHARPNBD_PLUGINDIR", "plugins");

    /// <summary>Where filters are looked for, when <c>--filterdir</c> names these directories.</summary>
    public static SearchPath Filters(IReadOnlyList<string> options) => Of(options, "SHARPNBD_FILTERDIR", "filters");

    // An option takes the place of the variable, whose directories are separated as in PATH.
    private static SearchPath Of(IReadOnlyList<string> options, string variable, string ownName)
    {
        var given = options.Count > 0 ? options
            : (Environment.GetEnvironmentVariable(variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return new SearchPath([.. given.Select(Path.GetFullPath)], Path.Combine(ManagedProgram.Directory, ownName));
    }

    /// <summary>
    /// The file of a name, or null: NAME.dll in one of the directories, or in a directory NAME there, which then holds what it needs, too.
    /// Upper and lower case, <c>-</c>, <c>_</c> and <c>.</c> make no difference, for MyDisk.dll is what <c>my-disk</c> is built to.
    /// </summary>
    /// <exception cref="IOException">A directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory may not be read.</exception>
    public string? Find(string name)
    {
        var key = Key(name);
        return All.Where(Directory.Exists).Select(directory => FindIn(directory, key)).FirstOrDefault(file => file is not null);
    }

    private static string? FindIn(string directory, string key)
        => Assembly(directory, key)
            ?? Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal)
                .Where(inner => Key(Path.GetFileName(inner)) == key)
                .Select(inner => Assembly(inner, key))
                .FirstOrDefault(file => file is not null);

    private static string? Assembly(string directory, string key)
        => Directory.EnumerateFiles(directory, "*" + ComponentFile.Extension).Order(StringComparer.Ordinal)
            .FirstOrDefault(file => Key(Path.GetFileNameWithoutExtension(file)) == key);

    private static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
