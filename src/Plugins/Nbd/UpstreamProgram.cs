using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>
/// A program that serves a Unix socket which we have opened for it, as systemd does it (sd_listen_fds(3)): descriptor 3, and two variables
/// that say so. The socket lies in a directory of our own, which nobody else can enter.
/// </summary>
internal sealed class UpstreamProgram : IAsyncDisposable
{
    // Larger than the structures of any C library.
    private const int OpaqueStructureSize = 1024;

    private const int TerminateSignal = 15;
    private const int FirstListener = 3;
    private const int SocketBacklog = 16;

    // LISTEN_PID has to name the process that reads it, which is known only within it.
    private const string Trampoline = "LISTEN_PID=$$ && export LISTEN_PID && exec \"$@\"";

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FailurePatience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ProgramExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _directory;
    private readonly int _processId;
    private bool _hasEnded;

    private UpstreamProgram(string directory, int processId, EndPoint address)
        => (_directory, _processId, Address) = (directory, processId, address);

    /// <summary>Where it serves.</summary>
    public EndPoint Address { get; }

    /// <summary>It does not run any more.</summary>
    public bool HasEnded => _exit.Task.IsCompleted;

    /// <summary>Starts a program.</summary>
    /// <param name="words">The program, a name to be found on the PATH or a path, and its arguments.</param>
    /// <param name="logger">Where its end is told.</param>
    /// <exception cref="NbdConnectionException">It cannot be started.</exception>
    public static UpstreamProgram Start(IReadOnlyList<string> words, ILogger logger)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NbdConnectionException("command= works on Linux only");
        }

        var directory = Directory.CreateTempSubdirectory("sharpnbd-nbd-").FullName;
        try
        {
            var path = Path.Combine(directory, "socket");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(NbdUri.UnixAddress(path + ".new"));
            listener.Listen(SocketBacklog);

            // Under the name that it knows the framework would remove the socket when our descriptor of it is closed.
            File.Move(path + ".new", path);
            var address = NbdUri.UnixAddress(path);
            var program = new UpstreamProgram(directory, Spawn(words, (int)listener.Handle), address);
            new Thread(program.WaitForEnd, maxStackSize: 128 << 10) { IsBackground = true, Name = "nbd upstream" }.Start();
            logger.UpstreamStarted(words[0], program._processId);
            return program;
        }
        catch (Exception e) when (e is SocketException or IOException or FormatException)
        {
            Directory.Delete(directory, recursive: true);
            throw new NbdConnectionException($"the program '{words[0]}' cannot be started: {e.Message}", e);
        }
    }

    /// <summary>How it ended, if it has or does within a moment; else null.</summary>
    public async Task<ProgramExit?> EndedSoonAsync() => await EndsWithinAsync(FailurePatience) ? await _exit.Task : null;

    /// <summary>Ends it: by a signal that asks for it, and by force when it does not listen.</summary>
    public async ValueTask DisposeAsync()
    {
        Signal(TerminateSignal);
        if (!await EndsWithinAsync(EndPatience))
        {
            Signal(ProgramCalls.KillSignal);
            await _exit.Task;
        }

        try
        {
            Directory.Delete(_directory, recursive: true);
        }
        catch (IOException)
        {
            // It was empty but for a socket that nobody listens on.
        }
    }

    private async Task<bool> EndsWithinAsync(TimeSpan patience)
    {
        await ((Task)_exit.Task).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _exit.Task.IsCompleted;
    }

    // Its standard output is our standard error: ours may belong to a client.
    private static unsafe int Spawn(IReadOnlyList<string> words, int listener)
    {
        using var arguments = new NativeStrings(["/bin/sh", "-c", Trampoline, "sh", .. words]);
        using var environment = NativeStrings.EnvironmentWith(new("LISTEN_FDS", "1"), new("LISTEN_FDNAMES", "unknown"));
        var emptyInput = Libc.OpenAt(Libc.CurrentDirectory, "/dev/null", Libc.OpenReadOnly | Libc.OpenCloseOnExec);
        var actions = stackalloc byte[OpaqueStructureSize];
        var attributes = stackalloc byte[OpaqueStructureSize];
        var signals = stackalloc byte[OpaqueStructureSize];
        _ = ProgramCalls.InitializeActions(actions);
        _ = ProgramCalls.AddDuplicate(actions, listener, FirstListener);
        _ = ProgramCalls.AddDuplicate(actions, emptyInput, 0);
        _ = ProgramCalls.AddDuplicate(actions, 2, 1);
        _ = ProgramCalls.InitializeAttributes(attributes);
        _ = ProgramCalls.EmptySignalSet(signals);
        _ = ProgramCalls.AddSignal(signals, ProgramCalls.BrokenPipeSignal);
        _ = ProgramCalls.SetSignalDefaults(attributes, signals);
        _ = ProgramCalls.SetFlags(
            attributes, ProgramCalls.SpawnSetGroup | ProgramCalls.SpawnSetSignalDefaults | ProgramCalls.SpawnSetSignalMask);
        int processId;
        var error = ProgramCalls.Spawn(&processId, arguments.Pointers[0], actions, attributes, arguments.Pointers, environment.Pointers);
        _ = ProgramCalls.DestroyAttributes(attributes);
        _ = ProgramCalls.DestroyActions(actions);
        _ = Libc.Close(emptyInput);
        return error == 0 ? processId : throw new IOException(Errno.Text(error));
    }

    private unsafe void WaitForEnd()
    {
        // First without taking the status: until then the number cannot be given to another process, which a signal would hit.
        var information = stackalloc byte[OpaqueStructureSize];
        while (ProgramCalls.WaitForState(
            ProgramCalls.ProcessById, _processId, information, ProgramCalls.WaitForExit | ProgramCalls.LeaveWaitable) < 0
            && Errno.Last == Errno.EINTR)
        {
        }

        int status;
        lock (_gate)
        {
            _hasEnded = true;
            _ = ProgramCalls.WaitForProcess(_processId, &status, 0);
        }

        _exit.SetResult(ProgramExit.FromWaitStatus(status));
    }

    private void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _ = ProgramCalls.SendSignal(-_processId, signal);
            }
        }
    }
}
