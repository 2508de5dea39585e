using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>What an exit code means, see <c>sh.md</c>.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="StopsServer">The script wants the server to stop.</param>
/// <param name="Disconnects">How the script wants the connection to end, or null.</param>
internal readonly record struct ScriptStatus(ScriptOutcome Outcome, bool StopsServer = false, Disconnection? Disconnects = null)
{
    public static ScriptStatus Of(ProgramExit exit)
        => exit.Signal != 0 ? new(ScriptOutcome.Error) : exit.Status switch
        {
            0 => new(ScriptOutcome.Ok),
            2 => new(ScriptOutcome.Missing),
            3 => new(ScriptOutcome.False),
            4 => new(ScriptOutcome.Ok, StopsServer: true),
            5 => new(ScriptOutcome.Error, StopsServer: true),
            6 => new(ScriptOutcome.Error, Disconnects: Disconnection.Now),
            7 => new(ScriptOutcome.Ok, Disconnects: Disconnection.Soft),
            8 => new(ScriptOutcome.Error, Disconnects: Disconnection.Soft),

            // 9 to 15 are reserved and mean nothing yet.
            _ => new(ScriptOutcome.Error),
        };
}
