namespace SharpNbd.Viewer;

/// <summary>The file whose existence makes the error filter fail requests.</summary>
/// <param name="path">Its absolute path, from the command line.</param>
internal sealed class ErrorSwitch(string path)
{
    public string Path => path;

    /// <summary>The disk fails, whoever has made it so.</summary>
    public bool IsOn => File.Exists(path);

    /// <summary>Makes the file, or removes it.</summary>
    /// <returns>What was wrong, or null.</returns>
    public string? Set(bool isOn)
    {
        try
        {
            if (isOn)
            {
                using var made = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            }
            else
            {
                File.Delete(path);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
