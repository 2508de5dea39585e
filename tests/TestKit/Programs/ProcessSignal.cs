using System.Runtime.InteropServices;

namespace SharpNbd.TestKit;

/// <summary>Sends signals to one process by its id.</summary>
public static partial class ProcessSignal
{
    /// <summary>Sends a signal.</summary>
    /// <returns>False when there is no such process any more.</returns>
    public static bool Send(int processId, Signal signal) => Kill(processId, (int)signal) == 0;

    /// <summary>True while the process exists.</summary>
    public static bool IsAlive(int processId) => Kill(processId, 0) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
