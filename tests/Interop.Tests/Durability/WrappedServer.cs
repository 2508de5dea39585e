using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Starts the program under test by way of another program, which becomes it (<c>exec</c>), so that it keeps its process id.</summary>
internal static class WrappedServer
{
    /// <param name="directory">Where a script is written that puts the two together.</param>
    /// <param name="wrapper">The other program and its arguments; the path of the server and its arguments follow.</param>
    /// <param name="arguments">What the server is told.</param>
    public static async Task<ServerProgram> StartAsync(TemporaryDirectory directory, IEnumerable<string> wrapper, params string[] arguments)
    {
        var script = $"""
            #!/bin/sh
            exec {string.Join(' ', wrapper.Append(SharpNbdProgram.Path).Select(word => $"'{word}'"))} "$@"

            """;

        // Written by a program of its own: a script that this process has open for writing while another test starts a program could
        // not be executed.
        await Tool.ExecuteAsync("/bin/sh", ["-c", "cat >\"$0\" && chmod 700 \"$0\"", directory["server"]], new ToolOptions { Input = script });
        return await ServerProgram.StartAsync(directory["server"], arguments);
    }
}
