using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>The file of an external component, before it is loaded.</summary>
internal static class ComponentFile
{
    /// <summary>What its name ends in.</summary>
    public const string Extension = ".dll";

    /// <summary>The word of the command line is a file's name and not a component's, by nbdkit's rule.</summary>
    public static bool IsPath(string word) => word.AsSpan().ContainsAny('/', '.');

    /// <summary>Finds out what can be known of a file without loading it.</summary>
    /// <exception cref="ParameterException">It cannot be a .NET assembly.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static void Check(string path, ComponentKind kind)
    {
        if (Directory.Exists(path))
        {
            throw Complaint(path, kind, $"this is a directory, and the {Extension} file in it is needed");
        }

        if (!File.Exists(path))
        {
            throw Complaint(path, kind, "there is no such file");
        }

        Span<byte> start = stackalloc byte[4];
        using var file = File.OpenRead(path);
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.SequenceEqual("\u007fELF"u8))
        {
            throw Complaint(
                path, kind, $"this is a native library, such as those of nbdkit, and a .NET assembly is needed; what comes with nbdkit is called by its name here");
        }

        // An assembly has the form of a Windows program, wherever it was made.
        if (!start.StartsWith("MZ"u8))
        {
            throw NotAnAssembly(path, kind);
        }
    }

    /// <summary>The file is something else.</summary>
    public static ParameterException NotAnAssembly(string path, ComponentKind kind) => Complaint(path, kind, "this is not a .NET assembly");

    /// <summary>What is wrong with a file, in one line.</summary>
    public static ParameterException Complaint(string path, ComponentKind kind, string what) => new($"{kind.Word} '{path}': {OneLine(what)}");

    // Messages of the runtime and of the code of others may be several.
    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
