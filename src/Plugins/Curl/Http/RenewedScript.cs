using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// A shell script whose output is used until it is too old. It is run when a request needs it, by one request at a time; the others wait
/// for the same output.
/// </summary>
/// <param name="key">The parameter, for messages.</param>
/// <param name="script">The script.</param>
/// <param name="renewal">How long an output is good for; zero for ever.</param>
/// <param name="url">What the script's variable <c>$url</c> holds.</param>
/// <param name="time">The clock.</param>
internal sealed class RenewedScript(string key, string script, TimeSpan renewal, string url, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private IReadOnlyList<string>? _lines;
    private long _ranAt;
    private int _iteration;

    /// <summary>The lines that the script printed.</summary>
    /// <exception cref="NbdException">It failed.</exception>
    public async ValueTask<IReadOnlyList<string>> GetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_lines is null || (renewal > TimeSpan.Zero && time.GetElapsedTime(_ranAt) > renewal))
            {
                _lines = await RunAsync(cancellationToken);
                _ranAt = time.GetTimestamp();
                _iteration++;
            }

            return _lines;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        // An empty standard input: the server's own may be a client's connection.
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["url"] = url;
        start.Environment["iteration"] = _iteration.ToString(CultureInfo.InvariantCulture);
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0
                    ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    : throw new NbdException(NbdError.EIO, $"{key}: the script ended with status {process.ExitCode}");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new NbdException(NbdError.EIO, $"{key}: the script cannot be run: {e.Message}", e);
        }
    }
}
