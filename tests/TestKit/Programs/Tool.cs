using System.Diagnostics;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>An external program that a test runs.</summary>
public sealed class Tool
{
    /// <summary>Long enough for the slowest machine; it only ends a test that would hang for ever.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    private static readonly Lazy<Task<ToolResult>> NbdModule = new(() => ProbeNbdModuleAsync());

    private readonly string[] _fixedArguments;

    private Tool(string path, params string[] fixedArguments)
    {
        Path = path;
        _fixedArguments = fixedArguments;
    }

    /// <summary>The absolute path of the program.</summary>
    public string Path { get; }

    /// <summary>True in continuous integration, where a missing tool is a failure.</summary>
    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>The program of this name; the test is skipped when there is none, and fails in continuous integration.</summary>
    public static Tool Require(string name)
    {
        var path = Find(name);
        if (path is null)
        {
            Missing(name);
        }

        return new Tool(path!);
    }

    /// <summary>
    /// The NBD shell. It is a module of the system's own Python: another python3 earlier on the PATH does not have it, so /usr/bin
    /// comes first.
    /// </summary>
    public static async Task<Tool> RequireNbdshAsync()
    {
        var python = Find("python3");
        if (python is null || (await NbdModule.Value).ExitCode != 0)
        {
            Missing("nbdsh (the Python module nbd)");
        }

        return new Tool(python!, "-m", "nbd");
    }

    /// <summary>Where a program lies, system directories first, or null.</summary>
    public static string? Find(string name)
    {
        string[] system = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];
        return system
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            .Select(directory => System.IO.Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Ends the test because something that it needs is not installed.</summary>
    public static void Missing(string what)
    {
        if (IsContinuousIntegration)
        {
            Assert.Fail($"needs {what}, which is not installed");
        }

        Assert.Skip($"needs {what}, which is not installed");
    }

    /// <summary>Runs it to its end and returns what it left, whatever its status.</summary>
    public Task<ToolResult> RunAsync(params IEnumerable<string> arguments) => RunAsync(new ToolOptions(), arguments);

    /// <summary>Runs it to its end and returns what it left, whatever its status.</summary>
    public Task<ToolResult> RunAsync(ToolOptions options, params IEnumerable<string> arguments)
        => ExecuteAsync(Path, [.. _fixedArguments, .. arguments], options);

    /// <summary>Runs it to its end; the test fails unless it succeeds. Returns its standard output.</summary>
    public async Task<string> OutputAsync(params IEnumerable<string> arguments) => (await RunAsync(arguments)).Expect(0).Output;

    /// <summary>Runs any program to its end. The test fails when it takes longer than allowed; the program is then killed.</summary>
    public static async Task<ToolResult> ExecuteAsync(string path, IReadOnlyList<string> arguments, ToolOptions options)
    {
        var command = string.Join(' ', [path, .. arguments]);
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingDirectory ?? "/",
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {path}");
        using var timeout = new CancellationTokenSource(options.Timeout ?? DefaultTimeout);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.StandardInput.WriteAsync(options.Input.AsMemory(), timeout.Token);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; its status says why.
        }

        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return new ToolResult(command, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command}\ndid not end within {options.Timeout ?? DefaultTimeout}");
        }
    }

    private static Task<ToolResult> ProbeNbdModuleAsync() => ExecuteAsync(Find("python3")!, ["-c", "import nbd"], new ToolOptions());
}
