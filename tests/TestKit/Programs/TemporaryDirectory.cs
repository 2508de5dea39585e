namespace SharpNbd.TestKit;

/// <summary>A private directory (mode 0700, short path, so that a socket's path fits) that goes away with everything in it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Its absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("sharpnbd-test-").FullName;

    /// <summary>The absolute path of a name in it; nothing is created.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Creates a file in it and returns its absolute path.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = this[name];
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Creates an executable script in it and returns its absolute path.</summary>
    public string WriteScript(string name, string text)
    {
        var path = Write(name, System.Text.Encoding.UTF8.GetBytes(text));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
