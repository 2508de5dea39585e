namespace SharpNbd.Plugins;

/// <summary>How a program ended.</summary>
/// <param name="Signal">The signal that killed it, or 0.</param>
/// <param name="Status">Its exit status, where it was not killed.</param>
internal readonly record struct ProgramExit(int Signal, int Status)
{
    /// <summary>Whether it ended by itself with status 0.</summary>
    public bool IsSuccess => Signal == 0 && Status == 0;

    /// <summary>Reads what waitpid told.</summary>
    public static ProgramExit FromWaitStatus(int status)
        => (status & 0x7f) == 0 ? new ProgramExit(0, (status >> 8) & 0xff) : new ProgramExit(status & 0x7f, 0);

    /// <summary>For a message, behind the name of the program.</summary>
    public override string ToString() => Signal == 0 ? $"ended with status {Status}" : $"was killed by signal {Signal}";
}
