using System.ComponentModel;
using System.Globalization;

namespace SharpNbd.Server;

/// <summary>The descriptors 0, 1 and 2.</summary>
internal static class StandardStreams
{
    private const int Output = 1;
    private const int Error = 2;
    private const string Descriptors = "/proc/self/fd";

    /// <summary>
    /// False where one of them is closed: the next file or socket that is opened would take its number, and whatever is
    /// printed would go there, for example onto a disk image.
    /// </summary>
    // The runtime has opened files of its own by now, and one of them may have taken the number; but what is marked to be closed
    // by exec cannot have come through it.
    public static bool AreOpen()
        => OperatingSystem.IsWindows()
            || Enumerable.Range(0, Error + 1).All(descriptor => Flags(descriptor) is >= 0 and var flags && (flags & HostCalls.CloseOnExec) == 0);

    /// <summary>Lets go of the terminal, pipes or files behind them.</summary>
    /// <param name="keepError">Standard error stays as it is.</param>
    public static void Leave(bool keepError)
    {
        var nowhere = HostCalls.Open("/dev/null", HostCalls.ReadWrite);
        if (nowhere < 0)
        {
            throw new Win32Exception();
        }

        var last = keepError ? Output : Error;
        foreach (var copy in CopiesOfTheRuntime(last))
        {
            _ = HostCalls.Duplicate(nowhere, copy);
            _ = HostCalls.ControlDescriptor(copy, HostCalls.SetDescriptorFlags, HostCalls.CloseOnExec);
        }

        for (var descriptor = 0; descriptor <= last; descriptor++)
        {
            _ = HostCalls.Duplicate(nowhere, descriptor);
        }

        if (nowhere > Error)
        {
            _ = HostCalls.Close(nowhere);
        }
    }

    /// <summary>
    /// The runtime with a JIT duplicates the streams when it starts and would hold a pipe or terminal open for ever. Its copies are
    /// told from descriptors that the user passes on by their mark for exec.
    /// </summary>
    private static int[] CopiesOfTheRuntime(int last)
    {
        if (!Directory.Exists(Descriptors))
        {
            return [];
        }

        var streams = Enumerable.Range(0, last + 1).Select(Target).Where(IsPipeOrTerminal).ToHashSet();
        return [.. Directory.GetFiles(Descriptors)
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .Where(descriptor => descriptor > Error && Flags(descriptor) is > 0 && streams.Contains(Target(descriptor)))];
    }

    // A file is left alone: it may be open a second time as the disk that is served.
    private static bool IsPipeOrTerminal(string target)
        => ((string[])["pipe:", "socket:", "/dev/pts/", "/dev/tty"]).Any(kind => target.StartsWith(kind, StringComparison.Ordinal));

    private static string Target(int descriptor) => new FileInfo($"{Descriptors}/{descriptor}").LinkTarget ?? "";

    private static int Flags(int descriptor) => HostCalls.ControlDescriptor(descriptor, HostCalls.GetDescriptorFlags, 0);
}
