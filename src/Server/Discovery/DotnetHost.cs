using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>An installation of .NET that has our version of the runtime.</summary>
/// <param name="Path">Its directory.</param>
/// <param name="IsFoundByPrograms">Programs of .NET find it by themselves.</param>
internal sealed record DotnetHost(string Path, bool IsFoundByPrograms)
{
    private static readonly string Architecture = RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>
    /// Finds one where programs of .NET look themselves, which is the variables, what an installer has registered, and the usual
    /// directories; or else, where they do not, beside the dotnet command.
    /// </summary>
    public static DotnetHost? Find()
    {
        string?[] registered =
        [
            Environment.GetEnvironmentVariable($"DOTNET_ROOT_{Architecture.ToUpperInvariant()}"),
            Environment.GetEnvironmentVariable("DOTNET_ROOT"),
            Registered($"/etc/dotnet/install_location_{Architecture.ToLowerInvariant()}"),
            Registered("/etc/dotnet/install_location"),
        ];
        if (registered.FirstOrDefault(path => !string.IsNullOrEmpty(path)) is { } path)
        {
            // The first one counts, even if the runtime is not there.
            return HasRuntime(path) ? new DotnetHost(path, true) : null;
        }

        string[] usual = ["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet"];
        return usual.Where(HasRuntime).Select(path => new DotnetHost(path, true)).FirstOrDefault()
            ?? Commands().Where(HasRuntime).Select(path => new DotnetHost(path, false)).FirstOrDefault();
    }

    private static string? Registered(string file) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault()?.Trim() : null;

    // The command is often a link to where it is installed.
    private static IEnumerable<string> Commands()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => new FileInfo(System.IO.Path.Combine(directory, "dotnet")))
            .Where(command => command.Exists)
            .Select(command => command.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? command.FullName)
            .Select(command => System.IO.Path.GetDirectoryName(command)!);

    private static bool HasRuntime(string path)
        => Directory.Exists($"{path}/host/fxr")
            && Directory.Exists($"{path}/shared/Microsoft.NETCore.App")
            && Directory.EnumerateDirectories($"{path}/shared/Microsoft.NETCore.App", $"{Environment.Version.Major}.{Environment.Version.Minor}.*").Any();
}
