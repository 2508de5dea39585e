using System.Globalization;

namespace SharpNbd.Server;

/// <summary>
/// Sockets that a service manager has opened for this process (sd_listen_fds(3)): LISTEN_FDS says how many, from descriptor 3 on,
/// LISTEN_PID for whom they are, LISTEN_FDNAMES what they are called.
/// </summary>
internal static class SocketActivation
{
    private const int First = 3;

    private static readonly Option[] Conflicts = [Option.Port, Option.IpAddress, Option.Single, Option.Unix, Option.Run];

    /// <summary>
    /// The sockets; none where there are none for us. The variables are removed, for they are not for programs that plugins run.
    /// </summary>
    /// <param name="warn">Told of variables that mean nothing.</param>
    /// <exception cref="StartupException">The variables promise what is not there.</exception>
    public static IReadOnlyList<ActivatedListenAddress> Find(Action<string> warn)
    {
        var (count, processId) = (Take("LISTEN_FDS"), Take("LISTEN_PID"));
        var names = Take("LISTEN_FDNAMES")?.Split(':') ?? [];
        if (count is null || processId is null)
        {
            return [];
        }

        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var sockets)
            || !int.TryParse(processId, NumberStyles.None, CultureInfo.InvariantCulture, out var forWhom))
        {
            warn($"LISTEN_FDS={count} and LISTEN_PID={processId} are ignored: both have to be numbers");
            return [];
        }

        if (forWhom != Environment.ProcessId)
        {
            warn($"LISTEN_PID={processId} is ignored: this is process {Environment.ProcessId}");
            return [];
        }

        // One and more is what nbdkit takes; the upper bound only catches nonsense.
        if (sockets is < 1 or > 1024)
        {
            throw new StartupException($"socket activation: LISTEN_FDS={count} is out of range, 1 to 1024 sockets can be handed over");
        }

        return [.. Enumerable.Range(0, sockets).Select(i => Adopt(First + i, names.Length == sockets && names[i].Length > 0 ? names[i] : null))];
    }

    /// <summary>What on the command line says where to listen, which has been decided; null for nothing.</summary>
    public static string? Conflict(CommandLine line)
        => line.Options.FirstOrDefault(given => Conflicts.Contains(given.Definition.Option)).Definition is { } definition
            ? $"socket activation (LISTEN_FDS) and {(definition.Short is { } letter ? $"-{letter}" : definition.LongName)} cannot be used together: "
                + "the service manager says where to listen"
            : null;

    private static string? Take(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return value;
    }

    // The runtime has opened files of its own by now; but what is marked to be closed by exec cannot have come through it.
    private static ActivatedListenAddress Adopt(int descriptor, string? name)
    {
        if (HostCalls.ControlDescriptor(descriptor, HostCalls.GetDescriptorFlags, 0) is var flags && (flags < 0 || (flags & HostCalls.CloseOnExec) != 0))
        {
            throw new StartupException($"socket activation: descriptor {descriptor} is not open, LISTEN_FDS says it is");
        }

        if (!SocketCalls.IsListening(descriptor))
        {
            throw new StartupException($"socket activation: descriptor {descriptor} is no socket that listens (Accept=no is needed in the socket unit)");
        }

        _ = HostCalls.ControlDescriptor(descriptor, HostCalls.SetDescriptorFlags, HostCalls.CloseOnExec);
        return new ActivatedListenAddress(descriptor, name);
    }
}
