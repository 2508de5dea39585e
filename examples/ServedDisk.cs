using System.Diagnostics;

/// <summary>Runs a command against a disk that sharpnbd serves, as a user would.</summary>
internal static class ServedDisk
{
    /// <summary>Returns what command and server wrote. The test fails unless the command succeeds, and is skipped where its program is missing.</summary>
    public static async Task<string> RunAsync(string client, string command, params string[] arguments)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, client))), $"needs {client}");
        var (status, output) = await TryAsync(command, arguments);
        Assert.True(status == 0, output);
        return output;
    }

    /// <summary>The same for a command that may fail.</summary>
    public static async Task<(int Status, string Output)> TryAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program(), ["--run", command, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output + await error);
    }

    // The one of the checkout that the example lies in.
    private static string Program()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "sharpnbd")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory?.FullName ?? "/usr/bin", "sharpnbd");
    }
}
