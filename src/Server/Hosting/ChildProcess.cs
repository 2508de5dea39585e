using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// A child that shares our standard streams and inherits descriptors that were made for it. The framework's class cannot
/// tell a child that was killed from one that exited with the same number.
/// </summary>
internal sealed class ChildProcess
{
    // Larger than posix_spawnattr_t and sigset_t of any C library.
    private const int OpaqueStructureSize = 1024;

    private readonly int _processId;

    private ChildProcess(int processId) => _processId = processId;

    /// <summary>Starts a program.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments, its own name first.</param>
    /// <param name="extraVariable">A variable for its environment besides ours, or null.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static unsafe ChildProcess Start(string path, IReadOnlyList<string> arguments, KeyValuePair<string, string>? extraVariable = null)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}");
        if (extraVariable is { } extra)
        {
            environment = environment.Append($"{extra.Key}={extra.Value}");
        }

        using var argumentBlock = new StringBlock(arguments);
        using var environmentBlock = new StringBlock([.. environment]);
        var attributes = stackalloc byte[OpaqueStructureSize];
        var signals = stackalloc byte[OpaqueStructureSize];
        _ = HostCalls.InitializeSpawnAttributes(attributes);

        // The runtime ignores SIGPIPE, which would be inherited and change how pipelines in a shell end.
        _ = HostCalls.EmptySignalSet(signals);
        _ = HostCalls.AddSignal(signals, HostCalls.BrokenPipeSignal);
        _ = HostCalls.SetSpawnSignalDefaults(attributes, signals);
        _ = HostCalls.SetSpawnFlags(attributes, HostCalls.SpawnSetSignalDefault);
        int processId;
        var error = HostCalls.Spawn(&processId, path, null, attributes, argumentBlock.Pointers, environmentBlock.Pointers);
        _ = HostCalls.DestroySpawnAttributes(attributes);
        return error == 0 ? new ChildProcess(processId) : throw new Win32Exception(error);
    }

    /// <summary>Waits for its end, on the calling thread. Once.</summary>
    public unsafe ChildExit Wait()
    {
        int status;
        while (HostCalls.WaitForProcess(_processId, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != HostCalls.Interrupted)
            {
                throw new Win32Exception();
            }
        }

        return ChildExit.FromWaitStatus(status);
    }

    /// <summary>Waits for its end on a thread of its own, for it may take as long as the server lives.</summary>
    public Task<ChildExit> WaitAsync()
        => Task.Factory.StartNew(Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
