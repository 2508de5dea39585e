using System.Text.RegularExpressions;
using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>
/// A script with everything that it is made of: the files that <c>#load</c> names, and the assemblies that <c>#r</c> names. The language
/// knows these directives in its own form of scripts only, which knows no namespaces; so they are understood here.
/// </summary>
internal sealed partial class ScriptFiles
{
    private readonly Dictionary<string, ScriptFile> _sources = [];
    private readonly Dictionary<string, byte[]> _references = [];
    private readonly List<string> _errors = [];

    private ScriptFiles(string path)
    {
        Script = path;
        Stamps = [];
    }

    /// <summary>The absolute path of the script.</summary>
    public string Script { get; }

    /// <summary>The script, and behind it what it loads.</summary>
    public IReadOnlyCollection<ScriptFile> Sources => _sources.Values;

    /// <summary>The assemblies by their paths, as they were when they were read.</summary>
    public IReadOnlyDictionary<string, byte[]> References => _references;

    // What the files looked like when they were read, to see whether one has changed.
    private Dictionary<string, (DateTime Written, long Length)> Stamps { get; }

    /// <summary>Whether one of the files is not any more what was read.</summary>
    public bool HaveChanged => Stamps.Any(stamp => StampOf(stamp.Key) != stamp.Value);

    /// <summary>Reads a script and what belongs to it.</summary>
    /// <exception cref="ParameterException">Files are missing or cannot be read; a line for each.</exception>
    public static ScriptFiles Read(string path)
    {
        var files = TryRead(path);
        return files._errors.Count == 0 ? files : throw new ParameterException(files._errors);
    }

    /// <summary>The same, where the errors are looked at later: what could be read is watched even so.</summary>
    public static ScriptFiles TryRead(string path)
    {
        var files = new ScriptFiles(path);
        files.Add(path, "");
        return files;
    }

    /// <summary>What was wrong, a line each.</summary>
    public IReadOnlyList<string> Errors => _errors;

    [GeneratedRegex("""^(?<before>[ \t]*)#(?<directive>r|load)[ \t]+"(?<name>[^"\n]*)"[ \t]*(//[^\n]*)?\r?$""", RegexOptions.Multiline)]
    private static partial Regex Directive { get; }

    private static (DateTime Written, long Length) StampOf(string path)
        => new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private static string NameOf(string path)
        => Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;

    private void Add(string path, string from)
    {
        if (_sources.ContainsKey(path))
        {
            return;
        }

        // Before it is read: a change in between is seen the next time.
        Stamps[path] = StampOf(path);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _errors.Add(from + e.Message);
            return;
        }

        var name = NameOf(path);
        var isRunByTheSystem = text.StartsWith("#!", StringComparison.Ordinal);
        var directives = Directive.Matches(text);
        var characters = text.ToCharArray();
        foreach (var start in directives.Select(match => match.Groups["directive"].Index - 1).Concat(isRunByTheSystem ? [0] : Array.Empty<int>()))
        {
            // Two characters for two, so that every error is where the user finds it.
            characters[start] = characters[start + 1] = '/';
        }

        _sources.Add(path, new ScriptFile(path, name, new string(characters)));
        foreach (Match match in directives)
        {
            var line = text.AsSpan(0, match.Index).Count('\n') + 1;
            Follow(match.Groups["directive"].Value, match.Groups["name"].Value, path, $"{name}:{line}:{match.Groups["before"].Length + 1}: ");
        }
    }

    private void Follow(string directive, string name, string path, string from)
    {
        var target = Path.GetFullPath(name, Path.GetDirectoryName(path)!);
        if (directive == "load")
        {
            Add(target, from);
        }
        else if (!name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            _errors.Add($"{from}#r takes the path of a .dll; all of the framework is there without it");
        }
        else if (!_references.ContainsKey(target))
        {
            AddReference(target, from);
        }
    }

    private void AddReference(string path, string from)
    {
        Stamps[path] = StampOf(path);
        try
        {
            _references.Add(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _errors.Add(from + e.Message);
        }
    }
}
