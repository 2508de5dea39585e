using Xunit;

namespace SharpNbd.TestKit;

/// <summary>What a program that ran to its end left behind.</summary>
/// <param name="Command">The command line, for messages.</param>
/// <param name="ExitCode">Its status; 128 plus the signal when one ended it.</param>
/// <param name="Output">Everything it wrote to standard output.</param>
/// <param name="Error">Everything it wrote to standard error.</param>
public sealed record ToolResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The lines of <see cref="Error"/>, without empty ones.</summary>
    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails the test unless the program ended with this status; shows what the program said.</summary>
    public ToolResult Expect(int exitCode)
    {
        if (ExitCode != exitCode)
        {
            Assert.Fail($"{Command}\nended with status {ExitCode}, expected {exitCode}\n--- output\n{Output}\n--- error\n{Error}");
        }

        return this;
    }
}
