using System.ComponentModel;

namespace SharpNbd.Server;

/// <summary>The descriptors 0, 1 and 2.</summary>
internal static class StandardStreams
{
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>
    /// False where one of them is closed: the next file or socket that is opened would take its number, and whatever is
    /// printed would go there, for example onto a disk image.
    /// </summary>
    public static bool AreOpen() => OperatingSystem.IsWindows() || Enumerable.Range(0, Error + 1).All(IsInherited);

    /// <summary>Lets go of the terminal, pipes or files behind them.</summary>
    /// <param name="keepError">Standard error stays as it is.</param>
    public static void Leave(bool keepError)
    {
        var nowhere = HostCalls.Open("/dev/null", HostCalls.ReadWrite);
        if (nowhere < 0)
        {
            throw new Win32Exception();
        }

        for (var descriptor = 0; descriptor <= (keepError ? Output : Error); descriptor++)
        {
            _ = HostCalls.Duplicate(nowhere, descriptor);
        }

        if (nowhere > Error)
        {
            _ = HostCalls.Close(nowhere);
        }
    }

    // The runtime has opened files of its own by now, and one of them may have taken the number; but what is marked to be closed
    // by exec cannot have come through it.
    private static bool IsInherited(int descriptor)
        => HostCalls.ControlDescriptor(descriptor, HostCalls.GetDescriptorFlags, 0) is >= 0 and var flags
            && (flags & HostCalls.CloseOnExec) == 0;
}
