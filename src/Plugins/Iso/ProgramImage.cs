using System.Diagnostics;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>An image that another program makes, into a temporary file without a name (<c>prog=</c>).</summary>
internal static class ProgramImage
{
    /// <summary>Runs the program and opens what it has made.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="options">What it is given.</param>
    /// <param name="cancellationToken">Cancelled when the start is given up; the program is ended then.</param>
    /// <exception cref="ParameterException">It cannot be run, or it has failed.</exception>
    public static async ValueTask<DiskSource> MakeAsync(string program, IsoOptions options, CancellationToken cancellationToken)
    {
        if (!Libc.IsAvailable || OperatingSystem.IsWindows())
        {
            throw new ParameterException("prog= is for Linux; without it the plugin makes the image itself");
        }

        if (options.Directories.Count == 0)
        {
            throw new ParameterException("dir=DIRECTORY is needed: the directory whose files become the image");
        }

        var directory = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } chosen ? chosen : "/var/tmp";
        var path = Path.Combine(directory, $"sharpnbd-iso-{Path.GetRandomFileName()}");
        try
        {
            // Made here, so that nobody else can read it or put a link in its place.
            var forUserOnly = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            File.Open(path, forUserOnly).Dispose();

            await RunAsync(program, $"{CommandOf(program, options)} > {Quote(path)}", cancellationToken);
            return new ProgramImageSource(File.OpenHandle(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ParameterException($"prog={program}: the temporary file cannot be made in {directory} (TMPDIR chooses another place): {e.Message}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The command as nbdkit has it: options pass through the shell as they are.</summary>
    private static string CommandOf(string program, IsoOptions options)
    {
        var emulation = Path.GetFileName(program) == "xorriso" ? " -as mkisofs" : "";
        return $"{Quote(program)}{emulation} -quiet {options.Options} {string.Join(' ', options.Directories.Select(directory => Quote(directory.Value)))}";
    }

    private static async Task RunAsync(string program, string command, CancellationToken cancellationToken)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true, RedirectStandardInput = true })!;
        shell.StandardInput.Close();
        try
        {
            var said = await shell.StandardError.ReadToEndAsync(cancellationToken);
            await shell.WaitForExitAsync(cancellationToken);
            if (shell.ExitCode != 0)
            {
                var why = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
                throw new ParameterException($"prog={program} failed with status {shell.ExitCode}: {why}");
            }
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
