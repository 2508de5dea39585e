using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Where an external component and what it brings along live: it shares the framework, Abstractions and the abstractions of
/// logging with the server and nothing else. So it may use other versions of the server's libraries, and two components may
/// use two versions of one.
/// </summary>
[RequiresUnreferencedCode("Loads assemblies that were not known when the program was trimmed.")]
internal sealed class ComponentLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    /// <summary>What a component has to have been built against.</summary>
    public static AssemblyName Abstractions { get; } = typeof(Component).Assembly.GetName();

    private static readonly HashSet<string?> Shared = [Abstractions.Name, typeof(ILogger).Assembly.GetName().Name];

    // The libraries that the server uses itself lie beside it; of these none is a component's business.
    private static readonly HashSet<string> OfTheServer = FindOwn();

    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
        => Shared.Contains(assemblyName.Name) ? null
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file)
            : OfTheServer.Contains(assemblyName.Name!) ? throw new FileNotFoundException($"{assemblyName.Name}{ComponentFile.Extension} does not lie beside it")
            : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
        => _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;

    private static HashSet<string> FindOwn()
    {
        var known = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator);
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        return [.. known.Where(file => Path.GetDirectoryName(file) == own).Select(file => Path.GetFileNameWithoutExtension(file))];
    }
}
