using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A directory with all that is hard about names and sizes.</summary>
internal sealed class FloppyTree : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(1);

    public FloppyTree()
    {
        Write("README.TXT", 100);
        Write("empty", 0);
        Write("one sector", 512);
        Write("one byte more", 513);
        Write("a cluster", 4096);
        Write("large.bin", 3_000_001);
        Write("thirteen char", 13);
        Write("twenty-six characters long", 26);
        Write($"{new string('l', 200)}.{new string('e', 54)}", 10);
        Write("größer als nötig.txt", 1000);
        Write("日本語のファイル名.txt", 2000);
        Write("Привет мир", 3000);
        Write(".hidden", 1);
        Write("many.dots.in.a.name", 1);
        Write("in a/deep/directory/of/many/levels/file", 77);
        Write("öffnung/datei", 100);
        Write("Übung/größe", 100);
        Write("CAPITALS/.keep", 0);
        for (var number = 0; number < 300; number++)
        {
            Write($"many/file number {number}", number);
        }

        Directory.CreateDirectory(System.IO.Path.Combine(Path, "nothing in it"));
    }

    public string Path => _directory.Path;

    public void Write(string name, int size)
    {
        var content = new byte[size];
        _random.NextBytes(content);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_directory[name])!);
        _directory.Write(name, content);
    }

    /// <summary>Every file's path from the root, with its content.</summary>
    public static Dictionary<string, byte[]> FilesOf(string directory)
        => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .ToDictionary(path => System.IO.Path.GetRelativePath(directory, path), File.ReadAllBytes);

    public void Dispose() => _directory.Dispose();
}
