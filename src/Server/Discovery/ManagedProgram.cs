namespace SharpNbd.Server;

/// <summary>
/// The same program for the .NET runtime, which can load assemblies. It lies beside the native one, which becomes it when an external plugin or filter is
/// asked for: same process, arguments, environment and descriptors.
/// </summary>
internal static class ManagedProgram
{
    private const string RootVariable = "DOTNET_ROOT";

    /// <summary>Where it lies; our own directory where this is it.</summary>
    public static string Directory { get; } = RuntimeSupport.LoadsAssemblies ? AppContext.BaseDirectory : Path.Combine(AppContext.BaseDirectory, "managed");

    /// <summary>Becomes it, and returns only by an exception. Nothing may have been opened, bound or started before.</summary>
    /// <exception cref="StartupException">It is not there, or no .NET runtime is.</exception>
    public static void Become(IReadOnlyList<string> arguments)
    {
        var program = OtherProgram.In(Directory) ?? throw new StartupException(
            $"an external plugin or filter takes the part of sharpnbd for the .NET runtime, which is not in {Directory}");

        var root = DotnetHost.Find() ?? throw new StartupException(
            $"an external plugin or filter takes the .NET {Environment.Version.Major} runtime, which is not installed (https://dot.net); it is looked for by {RootVariable}, PATH and in the usual places");
        if (!root.IsFoundByPrograms)
        {
            _ = HostCalls.SetVariable(RootVariable, root.Path, 1);
        }

        OtherProgram.Become(program, arguments);
    }
}
