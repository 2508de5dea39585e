using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Loads plugins and filters from assemblies.</summary>
[RequiresUnreferencedCode("Loads assemblies that were not known when the program was trimmed.")]
internal static class ExternalComponents
{
    /// <summary>Makes the one plugin or filter of an assembly.</summary>
    /// <param name="path">The absolute path of the assembly, which <see cref="ComponentFile.Check"/> has passed.</param>
    /// <exception cref="ParameterException">What is wrong with it, in one line.</exception>
    public static T Load<T>(string path)
        where T : Component
    {
        var kind = ComponentKind.Of<T>();
        try
        {
            var assembly = new ComponentLoadContext(path).LoadFromAssemblyPath(path);
            CheckVersion(assembly);
            return Make<T>(TheOne(assembly.GetExportedTypes(), kind));
        }
        catch (BadImageFormatException)
        {
            throw ComponentFile.NotAnAssembly(path, kind);
        }
        catch (Exception e) when (e is StartupException or IOException or UnauthorizedAccessException or TypeLoadException or MissingMemberException)
        {
            throw ComponentFile.Complaint(path, kind, e.Message);
        }
    }

    // While the major version is 0, a minor version may break what was built before. A newer version may have what this one has not.
    private static void CheckVersion(Assembly assembly)
    {
        var ours = ComponentLoadContext.Abstractions;
        if (assembly.GetReferencedAssemblies().FirstOrDefault(reference => reference.Name == ours.Name)?.Version is not { } used)
        {
            throw new StartupException($"it does not use {ours.Name}, so there is neither a plugin nor a filter in it");
        }

        var offered = ours.Version!;
        if (used.Major != offered.Major || (used.Major == 0 && used.Minor != offered.Minor) || used > offered)
        {
            throw new StartupException($"it was built against version {used.ToString(2)} of {ours.Name}, and this server has {offered.ToString(2)}; "
                + (used > offered ? "a newer server is needed" : "it has to be built again"));
        }
    }

    private static Type TheOne(Type[] types, ComponentKind kind)
    {
        var all = types.Where(type => type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false } && ComponentKind.Of(type) is not null).ToList();
        switch (all.Where(type => ComponentKind.Of(type) == kind).ToList())
        {
            case [var one]:
                return one;
            case []:
                throw new StartupException(all is [var other, ..] && ComponentKind.Of(other) is { } otherKind
                    ? $"there is no public {kind.Word} in it, but a {otherKind.Word}, {other.Name}: {otherKind.Usage}"
                    : $"there is no public {kind.Word} in it");
            case var several:
                throw new StartupException(
                    $"there are {several.Count} public {kind.Word}s in it, and an assembly has one: {string.Join(", ", several.Select(type => type.Name))}");
        }
    }

    private static T Make<T>(Type type)
        where T : Component
    {
        if (type.GetConstructor(Type.EmptyTypes) is not { } constructor)
        {
            throw new StartupException($"{type.Name} has no public constructor without parameters");
        }

        try
        {
            var component = (T)constructor.Invoke(null);

            // Asked here, where the file can still be named in which they fail.
            _ = (component.Parameters, component.Summary);
            return component.Name is { Length: > 0 } name && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-') ? component
                : throw new StartupException($"{type.Name} has the name '{component.Name}', and letters, digits and - are needed");
        }
        catch (Exception e) when (e is not StartupException)
        {
            // Whatever the code of others throws.
            var cause = Cause(e);
            throw new StartupException($"{type.Name} cannot be made: {cause.GetType().Name}: {cause.Message}");
        }
    }

    // Reflection and static constructors put exceptions of their own around it.
    private static Exception Cause(Exception e)
        => e is TargetInvocationException or TypeInitializationException && e.InnerException is { } inner ? Cause(inner) : e;
}
