using System.Reflection;
using System.Runtime.Loader;

namespace SharpNbd.Scripting;

/// <summary>Where one version of a script lives; it goes away when nothing of it is used any more.</summary>
/// <param name="files">The script, with the assemblies that it names.</param>
internal sealed class ScriptLoadContext(ScriptFiles files) : AssemblyLoadContext(Path.GetFileName(files.Script), isCollectible: true)
{
    /// <summary>What the version is made of.</summary>
    public ScriptFiles Files => files;

    private readonly AssemblyLoadContext _plugin = GetLoadContext(typeof(ScriptLoadContext).Assembly)!;

    /// <summary>Loads an assembly from memory, so that its file can be replaced.</summary>
    public Assembly Load(byte[] assembly)
    {
        using var stream = new MemoryStream(assembly);
        return LoadFromStream(stream);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = assemblyName.Name + ".dll";
        foreach (var (path, content) in files.References)
        {
            if (Path.GetFileName(path).Equals(file, StringComparison.OrdinalIgnoreCase))
            {
                return Load(content);
            }
        }

        // What an assembly needs that the script names usually lies beside it.
        var beside = files.References.Keys.Select(path => Path.Combine(Path.GetDirectoryName(path)!, file)).FirstOrDefault(File.Exists);
        return Shared(assemblyName) ?? (beside is null ? null : Load(File.ReadAllBytes(beside)));
    }

    // The types that a script and the server speak of have to be the same ones.
    private Assembly? Shared(AssemblyName assemblyName)
    {
        try
        {
            return _plugin.LoadFromAssemblyName(assemblyName);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
