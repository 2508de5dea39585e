using System.Reflection;
using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>
/// The class of a script that makes the disk: the one plugin in it, or else the one source, or else the one disk, so that the others may be
/// its parts. A source or a disk declares its parameters itself.
/// </summary>
internal abstract class ScriptComponent
{
    private static readonly Type[] Lives = [typeof(Plugin), typeof(DiskSource), typeof(Disk)];

    /// <summary>Finds the class.</summary>
    /// <exception cref="ParameterException">There is none, or there are several.</exception>
    public static ScriptComponent Find(Assembly assembly, ScriptFiles files)
    {
        var name = files.Sources.First().Name;
        var types = assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }).ToList();
        var found = Lives.Select(life => types.Where(life.IsAssignableFrom).ToList()).FirstOrDefault(candidates => candidates.Count > 0);
        return found switch
        {
            null => throw new ParameterException($"{name}: there is no class in it that makes a disk; one that derives from {nameof(ScriptDisk)} or {nameof(Disk)} is needed"),
            [var type] => Make(type, name),
            _ => throw new ParameterException($"{name}: one class has to make the disk, and there are {string.Join(", ", found.Select(type => type.Name))}"),
        };
    }

    /// <summary>Makes the source.</summary>
    /// <exception cref="ParameterException">The parameters are wrong.</exception>
    public abstract ValueTask<DiskSource> CreateAsync(IReadOnlyList<ParameterValue> parameters, ComponentContext context, CancellationToken cancellationToken);

    private static ScriptComponent Make(Type type, string name)
    {
        if (type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new ParameterException($"{name}: {type.Name} has no public constructor without parameters");
        }

        return type.IsAssignableTo(typeof(Plugin))
            ? new OfPlugin((Plugin)Activator.CreateInstance(type)!)
            : (ScriptComponent)Activator.CreateInstance(typeof(OfDisk<>).MakeGenericType(type), name)!;
    }

    /// <summary>A whole plugin.</summary>
    private sealed class OfPlugin(Plugin plugin) : ScriptComponent
    {
        public override ValueTask<DiskSource> CreateAsync(
            IReadOnlyList<ParameterValue> parameters, ComponentContext context, CancellationToken cancellationToken)
            => plugin.CreateAsync(parameters, context, cancellationToken);
    }

    /// <summary>A source or a disk, which is the record of its own parameters.</summary>
    private sealed class OfDisk<T>(string name) : ScriptComponent
        where T : class
    {
        public override ValueTask<DiskSource> CreateAsync(
            IReadOnlyList<ParameterValue> parameters, ComponentContext context, CancellationToken cancellationToken)
        {
            var table = ParameterTable.Of<T>();
            var unknown = table.AnyOther is null ? parameters.Where(parameter => table.Find(parameter.Key) is null).ToList() : [];
            if (unknown.Count > 0)
            {
                var accepted = table.Declarations.Count == 0 ? "takes no parameters" : $"accepts {string.Join(", ", table.Declarations.Select(known => known.Name))}";
                throw new ParameterException([.. unknown.Select(parameter => $"unknown parameter '{parameter.Key}' ({name} {accepted})")]);
            }

            switch (table.Bind<T>(parameters))
            {
                case DiskSource source:
                    return new(source);
                case ScriptDisk disk:
                    disk.Context = context;
                    return new(new ScriptDiskSource(disk));
                case var disk:
                    return new(new ScriptDiskSource((Disk)(object)disk));
            }
        }
    }
}
