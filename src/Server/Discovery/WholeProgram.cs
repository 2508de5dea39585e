using SharpNbd.Abstractions;
using SharpNbd.Plugins;

namespace SharpNbd.Server;

/// <summary>
/// The native program with everything in it. What few command lines need and every start would pay for, the plugins that are clients of other servers with
/// their HTTP and TLS, is left out of the lean program, which lies one directory above and becomes this one when such a plugin is asked for.
/// </summary>
internal static class WholeProgram
{
    private static string Directory => Path.Combine(AppContext.BaseDirectory, "whole");

    /// <summary>Serving takes a plugin that this program was built without.</summary>
    public static bool IsNeeded(ServerOptions options, Plugin? plugin)
        => options.Command == ServerCommand.Serve && plugin is not null && NetworkClients.IsMissing(plugin);

    /// <summary>Becomes it, and returns only by an exception. Nothing may have been opened, bound or started before.</summary>
    /// <exception cref="StartupException">It is not there.</exception>
    public static void Become(IReadOnlyList<string> arguments)
        => OtherProgram.Become(
            OtherProgram.In(Directory) ?? throw new StartupException($"the plugins curl and nbd take the whole of sharpnbd, which is not in {Directory}"),
            arguments);
}
