namespace SharpNbd.TestKit;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    private static readonly Lazy<string> Located = new(Locate);

    /// <summary>Its top directory.</summary>
    public static string Root => Located.Value;

    private static string Locate()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "SharpNbd.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} does not lie in a checkout");
    }
}
