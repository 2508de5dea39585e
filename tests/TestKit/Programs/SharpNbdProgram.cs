using Xunit;

namespace SharpNbd.TestKit;

/// <summary>The program under test, as built into <c>artifacts/sharpnbd</c>.</summary>
public static class SharpNbdProgram
{
    /// <summary>
    /// Set to another program, such as nbdkit, it takes the place of ours: a test that fails there expects what nbdkit does not do.
    /// </summary>
    public const string OverrideVariable = "SHARPNBD_TEST_PROGRAM";

    private static readonly Lazy<string?> Located = new(Locate);

    /// <summary>Its absolute path; the test fails when it has not been built.</summary>
    public static string Path
    {
        get
        {
            if (Located.Value is null)
            {
                Assert.Fail("artifacts/sharpnbd/sharpnbd has not been built; './sharpnbd --version' builds it");
            }

            return Located.Value!;
        }
    }

    /// <summary>True when a test runs against something else than our own program.</summary>
    public static bool IsReplaced => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OverrideVariable));

    /// <summary>
    /// Starts a server in front on a Unix socket in a private directory, and returns once it accepts clients.
    /// </summary>
    /// <param name="arguments">Options, filters, the plugin and its parameters; where to listen is added.</param>
    public static Task<ServerProgram> StartAsync(params IEnumerable<string> arguments) => ServerProgram.StartAsync(Path, arguments);

    /// <summary>Runs the program to its end with exactly these arguments.</summary>
    public static Task<ToolResult> RunAsync(params IEnumerable<string> arguments) => RunAsync(new ToolOptions(), arguments);

    /// <summary>Runs the program to its end with exactly these arguments.</summary>
    public static Task<ToolResult> RunAsync(ToolOptions options, params IEnumerable<string> arguments)
        => Tool.ExecuteAsync(Path, [.. arguments], options);

    private static string? Locate()
    {
        if (Environment.GetEnvironmentVariable(OverrideVariable) is { Length: > 0 } other)
        {
            return other;
        }

        var program = System.IO.Path.Combine(Repository.Root, "artifacts", "sharpnbd", "sharpnbd");
        return File.Exists(program) ? program : null;
    }
}
