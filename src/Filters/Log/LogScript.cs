using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SharpNbd.Filters;

/// <summary>
/// Runs the user's script for lines of the log. What it answers changes nothing. The shell is bash as far as there is one, since
/// lists are arrays.
/// </summary>
/// <param name="script">What runs behind the assignments.</param>
/// <param name="logger">Where a script that cannot be run is reported.</param>
internal sealed class LogScript(string script, ILogger logger)
{
    private const string Bash = "/bin/bash";

    private readonly bool _hasBash = File.Exists(Bash);

    /// <summary>Runs it for a line and waits for its end, so that the scripts of a request run in the order of its lines.</summary>
    /// <param name="line">The line; used before the call returns.</param>
    /// <param name="cancellationToken">Ends the waiting, not the script.</param>
    public ValueTask RunAsync(LogLine line, CancellationToken cancellationToken)
        => RunAsync(line.ForScript(script, _hasBash), cancellationToken);

    private async ValueTask RunAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            // Its standard input is empty: the server's may be the connection of a client.
            var start = _hasBash ? new ProcessStartInfo(Bash, ["--posix", "-c", text]) : new ProcessStartInfo("/bin/sh", ["-c", text]);
            start.RedirectStandardInput = true;
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The request has nobody left to wait for it; the script goes on alone.
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            LogMessages.ScriptFailed(logger, e.Message);
        }
    }
}
