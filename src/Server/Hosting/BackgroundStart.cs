using System.ComponentModel;
using System.Globalization;

namespace SharpNbd.Server;

/// <summary>
/// The way to the background, seen from the process that the user started. A process of this runtime cannot fork, so the
/// server is a fresh process with the same arguments; it says through a pipe when it accepts clients.
/// </summary>
internal sealed class BackgroundStart(IReadOnlyList<string> arguments)
{
    /// <summary>Starts the server and waits until it accepts clients or has ended; the result is our exit status.</summary>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public unsafe int Run()
    {
        var ends = stackalloc int[2];
        if (HostCalls.Pipe(ends) < 0)
        {
            throw new Win32Exception();
        }

        var (reading, writing) = (ends[0], ends[1]);
        _ = HostCalls.ControlDescriptor(reading, HostCalls.SetDescriptorFlags, HostCalls.CloseOnExec);
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("the path of the program is not known");
        var child = ChildProcess.Start(
            program,
            [.. ProgramWords(program), .. arguments],
            new(BackgroundChild.Variable, writing.ToString(CultureInfo.InvariantCulture)));

        // Only the child's end must be open, so that the pipe tells when the child has ended.
        _ = HostCalls.Close(writing);
        byte signal;
        if (HostCalls.Read(reading, &signal, 1) == 1)
        {
            return 0;
        }

        // What was wrong, the child has said. A killed one could not.
        var exit = child.Wait();
        return exit.Signal == 0 ? 1 : throw new StartupException($"the server was killed by signal {exit.Signal} before it accepted clients");
    }

    // Under "dotnet sharpnbd.dll" the program is dotnet, and the library has to be named again.
    private static string[] ProgramWords(string program)
        => Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : ["sharpnbd"];
}
