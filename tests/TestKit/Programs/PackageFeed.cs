namespace SharpNbd.TestKit;

/// <summary>
/// The packages of this checkout, made of what was built last, for projects that know nothing but them. Everything lies in a directory of its
/// own, so that no older package of the same version can be found in a cache; what the packages need comes from where NuGet has put it.
/// </summary>
public sealed class PackageFeed : IDisposable
{
    private static readonly Dictionary<string, string?> Quiet = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    private readonly TemporaryDirectory _directory = new();

    private PackageFeed()
    {
    }

    /// <summary>Where the packages lie.</summary>
    public string Packages => _directory["packages"];

    /// <summary>Packs everything that is packed.</summary>
    public static async Task<PackageFeed> CreateAsync()
    {
        var feed = new PackageFeed();
        await feed.RunAsync(Repository.Root, "pack", "SharpNbd.sln", "-c", "Release", "--no-build", "-o", feed.Packages);
        File.WriteAllText(feed._directory["NuGet.config"], $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="built" value="{feed.Packages}" />
                <add key="cached" value="{Cache}" />
              </packageSources>
              <packageSourceMapping>
                <packageSource key="built"><package pattern="SharpNbd.*" /></packageSource>
                <packageSource key="cached"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        return feed;
    }

    /// <summary>Builds a copy of a project that lies in this checkout, and returns the directory of what was built.</summary>
    /// <param name="folder">The project's folder, from the top of the checkout.</param>
    public async Task<string> BuildAsync(string folder)
    {
        var project = Directory.CreateDirectory(_directory[Path.GetFileName(folder)]).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder)))
        {
            File.Copy(file, Path.Combine(project, Path.GetFileName(file)));
        }

        await RunAsync(project, "build", "-c", "Release", "-o", "built", "-nodeReuse:false");
        return Path.Combine(project, "built");
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private static string Cache => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task RunAsync(string directory, params string[] arguments)
    {
        var options = new ToolOptions
        {
            WorkingDirectory = directory,
            Environment = new Dictionary<string, string?>(Quiet) { ["NUGET_PACKAGES"] = directory == Repository.Root ? null : _directory["cache"] },
        };
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : Tool.Find("dotnet") ?? "dotnet";
        (await Tool.ExecuteAsync(dotnet, arguments, options)).Expect(0);
    }
}
