namespace SharpNbd.Plugins;

/// <summary>
/// A program with pipes to us. It has a process group of its own, so that what it has started ends with it when it is killed, and a
/// terminal's Ctrl-C reaches only the server, which then decides.
/// </summary>
internal sealed unsafe class RunningProgram : IDisposable
{
    // Larger than the structures of any C library.
    private const int OpaqueStructureSize = 1024;

    private readonly Lock _gate = new();
    private bool _hasEnded;
    private int _input;
    private int _output;
    private int _error;

    private RunningProgram(int processId, int input, int output, int error)
        => (ProcessId, _input, _output, _error) = (processId, input, output, error);

    public int ProcessId { get; }

    /// <summary>Our end of its standard input, not blocking, or -1.</summary>
    public int Input => _input;

    /// <summary>Our end of its standard output, or -1.</summary>
    public int Output => _output;

    /// <summary>Our end of its standard error, or -1.</summary>
    public int Error => _error;

    /// <summary>Starts a program; the result is the number of what went wrong, or 0.</summary>
    /// <param name="arguments">The program, a name to be found on the PATH or a path, and its arguments.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="emptyInput">A descriptor of /dev/null for its standard input, or -1 for a pipe.</param>
    /// <param name="program">The program, where the result is 0.</param>
    public static int TryStart(NativeStrings arguments, NativeStrings environment, int emptyInput, out RunningProgram? program)
    {
        program = null;
        var pipes = stackalloc int[] { -1, -1, -1, -1, -1, -1 };
        var error = OpenPipes(pipes, isInputWanted: emptyInput < 0);
        var processId = 0;
        error = error != 0 ? error : Spawn(arguments, environment, emptyInput < 0 ? pipes[0] : emptyInput, pipes[3], pipes[5], &processId);

        // The child's ends: were they open here, no pipe would ever end.
        Close(ref pipes[0]);
        Close(ref pipes[3]);
        Close(ref pipes[5]);
        if (error == 0)
        {
            program = new RunningProgram(processId, pipes[1], pipes[2], pipes[4]);
            return 0;
        }

        Close(ref pipes[1]);
        Close(ref pipes[2]);
        Close(ref pipes[4]);
        return error;
    }

    public void CloseInput() => Close(ref _input);

    public void CloseOutput() => Close(ref _output);

    public void CloseError() => Close(ref _error);

    /// <summary>Kills it and what it has started. From any thread; does nothing once it has ended.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _ = ProgramCalls.SendSignal(-ProcessId, ProgramCalls.KillSignal);
            }
        }
    }

    /// <summary>Waits for its end, on the calling thread. Once.</summary>
    public ProgramExit Wait()
    {
        // First without taking the status: until then the number cannot be given to another process, which Kill would hit.
        var information = stackalloc byte[OpaqueStructureSize];
        while (ProgramCalls.WaitForState(
            ProgramCalls.ProcessById, ProcessId, information, ProgramCalls.WaitForExit | ProgramCalls.LeaveWaitable) < 0
            && Errno.Last == Errno.EINTR)
        {
        }

        lock (_gate)
        {
            _hasEnded = true;
            int status;
            return ProgramCalls.WaitForProcess(ProcessId, &status, 0) == ProcessId
                ? ProgramExit.FromWaitStatus(status)
                : throw Errno.Exception(Errno.Last, "the end of a program cannot be waited for");
        }
    }

    public void Dispose()
    {
        CloseInput();
        CloseOutput();
        CloseError();
    }

    private static int OpenPipes(int* pipes, bool isInputWanted)
    {
        if ((isInputWanted && ProgramCalls.Pipe(pipes, Libc.OpenCloseOnExec) < 0)
            || ProgramCalls.Pipe(pipes + 2, Libc.OpenCloseOnExec) < 0
            || ProgramCalls.Pipe(pipes + 4, Libc.OpenCloseOnExec) < 0)
        {
            return Errno.Last;
        }

        // A program that reads nothing must not keep us from seeing what it writes.
        return isInputWanted && Libc.Control(pipes[1], ProgramCalls.SetStatusFlags, ProgramCalls.OpenNonBlocking) < 0 ? Errno.Last : 0;
    }

    private static int Spawn(NativeStrings arguments, NativeStrings environment, int input, int output, int error, int* processId)
    {
        var actions = stackalloc byte[OpaqueStructureSize];
        var attributes = stackalloc byte[OpaqueStructureSize];
        var signals = stackalloc byte[OpaqueStructureSize];
        _ = ProgramCalls.InitializeActions(actions);
        _ = ProgramCalls.AddDuplicate(actions, input, 0);
        _ = ProgramCalls.AddDuplicate(actions, output, 1);
        _ = ProgramCalls.AddDuplicate(actions, error, 2);

        // The runtime ignores SIGPIPE, which would be inherited and change how pipelines in a shell end. Group and mask are those
        // that the attributes begin with: a new group, and nothing blocked.
        _ = ProgramCalls.InitializeAttributes(attributes);
        _ = ProgramCalls.EmptySignalSet(signals);
        _ = ProgramCalls.AddSignal(signals, ProgramCalls.BrokenPipeSignal);
        _ = ProgramCalls.SetSignalDefaults(attributes, signals);
        _ = ProgramCalls.SetFlags(
            attributes, ProgramCalls.SpawnSetGroup | ProgramCalls.SpawnSetSignalDefaults | ProgramCalls.SpawnSetSignalMask);
        var result = ProgramCalls.Spawn(
            processId, arguments.Pointers[0], actions, attributes, arguments.Pointers, environment.Pointers);
        _ = ProgramCalls.DestroyAttributes(attributes);
        _ = ProgramCalls.DestroyActions(actions);
        return result;
    }

    private static void Close(ref int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = Libc.Close(descriptor);
            descriptor = -1;
        }
    }
}
