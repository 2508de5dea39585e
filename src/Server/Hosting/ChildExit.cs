namespace SharpNbd.Server;

/// <summary>How a child ended.</summary>
/// <param name="Signal">The signal that killed it, or 0.</param>
/// <param name="Status">Its exit status; for a killed one what a shell would say, 128 and the signal.</param>
internal readonly record struct ChildExit(int Signal, int Status)
{
    /// <summary>Reads what waitpid told.</summary>
    public static ChildExit FromWaitStatus(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? new ChildExit(0, (status >> 8) & 0xff) : new ChildExit(signal, 128 + signal);
    }
}
