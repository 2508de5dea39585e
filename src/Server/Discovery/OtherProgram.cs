using System.ComponentModel;

namespace SharpNbd.Server;

/// <summary>Another program of the same installation, which this process becomes: with the same process id, arguments, environment and descriptors.</summary>
internal static class OtherProgram
{
    /// <summary>The program of a directory, or null where it is not there.</summary>
    public static string? In(string directory)
    {
        var program = Path.Combine(directory, "sharpnbd");
        return !OperatingSystem.IsWindows() && File.Exists(program) ? program : null;
    }

    /// <summary>Becomes it, and returns only by an exception. Nothing may have been opened, bound or started before.</summary>
    /// <exception cref="Win32Exception">The system does not let it.</exception>
    public static unsafe void Become(string program, IReadOnlyList<string> arguments)
    {
        using var words = new StringBlock(["sharpnbd", .. arguments]);
        _ = HostCalls.Execute(program, words.Pointers);
        throw new Win32Exception();
    }
}
