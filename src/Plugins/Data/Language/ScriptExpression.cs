using System.ComponentModel;
using System.Diagnostics;

namespace SharpNbd.Plugins;

/// <summary><c>&lt;(SCRIPT)</c>: what a shell script writes.</summary>
internal sealed class ScriptExpression(DataPlace place, string script) : DataExpression(place, depth: 1)
{
    /// <inheritdoc/>
    protected override DataPiece Find(long limit)
    {
        // An empty standard input: the server's own may be a client's connection.
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start) ?? throw new DataException(Place, "/bin/sh cannot be started");
            process.StandardInput.Close();
            return Output(process, limit);
        }
        catch (Win32Exception e)
        {
            throw new DataException(Place, $"/bin/sh cannot be started: {e.Message}");
        }
    }

    private BytesPiece Output(Process process, long limit)
    {
        var isEnd = false;
        try
        {
            (var bytes, isEnd) = DataStream.Read(process.StandardOutput.BaseStream, limit, Place);
            if (!isEnd)
            {
                return new BytesPiece(bytes);
            }

            process.WaitForExit();
            return process.ExitCode == 0 ? new BytesPiece(bytes)
                : throw new DataException(Place, $"the script ended with status {process.ExitCode}");
        }
        finally
        {
            // A script whose first bytes were enough may go on for ever.
            if (!isEnd)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
    }
}
