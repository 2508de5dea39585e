using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>What the options of the process ask of the system: other rights, memory that stays, an end with the parent.</summary>
internal static unsafe class ProcessLife
{
    private const int NoPermission = 1;
    private const int LockCurrent = 1;
    private const int LockFuture = 2;
    private const int LockOnFault = 4;
    private const int OpenProcessCall = 434;
    private const short Readable = 1;

    /// <summary>Gives up the rights of the user who started the server. The group comes first, while that is still allowed.</summary>
    /// <exception cref="StartupException">The system does not let it.</exception>
    public static void ChangeAccount(uint? user, uint? group)
    {
        if (group is { } number)
        {
            // The groups that came with the first user would be his rights still.
            Check(HostCalls.SetGroup(number), $"-g: changing to group {number}");
            Check(HostCalls.SetGroups(1, &number), $"-g: changing to group {number}");
        }

        if (user is { } userNumber)
        {
            Check(HostCalls.SetUser(userNumber), $"-u: changing to user {userNumber}");
        }
    }

    /// <summary>
    /// Locks all memory, also what comes later, as soon as it is used. Without that, the runtime's address space, most of which is never
    /// used, would have to be there.
    /// </summary>
    /// <exception cref="StartupException">The system does not let it.</exception>
    public static void LockMemory()
        => Check(
            HostCalls.LockMemory(LockCurrent | LockFuture | LockOnFault),
            "--swap: locking the memory of the program (it has to be started as root, or with ulimit -l unlimited)");

    /// <summary>Calls back when the parent has ended, also if that was before.</summary>
    /// <exception cref="StartupException">The system cannot tell.</exception>
    public static void WatchParent(Action ended)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new StartupException("--exit-with-parent: only built for Linux so far");
        }

        var parent = (int)HostCalls.OpenProcess(OpenProcessCall, HostCalls.GetParent(), 0);
        Check(parent, "--exit-with-parent: watching the parent (which takes Linux 5.3)");
        _ = HostCalls.ControlDescriptor(parent, HostCalls.SetDescriptorFlags, HostCalls.CloseOnExec);
        var thread = new Thread(() => WaitFor(parent, ended), maxStackSize: 128 * 1024) { IsBackground = true, Name = "parent watch" };
        thread.Start();
    }

    private static void WaitFor(int process, Action ended)
    {
        var poll = new PollDescriptor { Descriptor = process, Events = Readable };
        while (HostCalls.Poll(&poll, 1, -1) < 1)
        {
            // A signal interrupted the wait.
        }

        ended();
    }

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            var hint = error == NoPermission ? "; root may" : "";
            throw new StartupException($"{what} failed: {Marshal.GetPInvokeErrorMessage(error)}{hint}");
        }
    }
}
