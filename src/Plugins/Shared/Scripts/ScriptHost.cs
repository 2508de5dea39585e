using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Runs the methods of a script, as many at once as are asked for. A script that hangs costs its request and a thread, and is killed when
/// nobody waits for it any more.
/// </summary>
internal sealed class ScriptHost : IAsyncDisposable
{
    /// <summary>How long a script may go on when the client is gone: time to finish what it changes.</summary>
    public static readonly TimeSpan VanishedPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a script may go on when the server was told to stop; shorter than the server itself waits.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan UnloadPatience = TimeSpan.FromSeconds(4);

    private const int MostThreads = 256;
    private const int MostAttempts = 50;
    private const int LongestError = 64 << 10;

    private readonly ScriptCommands _commands;
    private readonly ScriptDirectory _directory;
    private readonly ComponentContext _context;
    private readonly NativeStrings _environment;
    private readonly int _emptyInput;
    private readonly IoThreads _threads = new("script", MostThreads, TimeSpan.FromSeconds(10));
    private readonly RunningPrograms _running;

    /// <summary>A host for one script plugin.</summary>
    /// <param name="commands">The methods.</param>
    /// <param name="directory">The scripts' directory, owned from now on.</param>
    /// <param name="context">What the server offers.</param>
    public ScriptHost(ScriptCommands commands, ScriptDirectory directory, ComponentContext context)
    {
        (_commands, _directory, _context) = (commands, directory, context);
        _environment = NativeStrings.EnvironmentWith(new KeyValuePair<string, string>("tmpdir", directory.Path));
        _emptyInput = Libc.OpenAt(Libc.CurrentDirectory, "/dev/null", Libc.OpenReadOnly | Libc.OpenCloseOnExec);
        _running = new RunningPrograms(StopPatience, context.Time, context.Stopping);
    }

    /// <exception cref="ParameterException">Scripts cannot be run on this platform.</exception>
    public static void RequireSupport()
    {
        if (!Libc.IsAvailable)
        {
            throw new ParameterException("scripts are run on 64-bit Linux only");
        }
    }

    /// <summary>Whether a method that is not there is answered with yes.</summary>
    public bool Implies(string method) => _commands.Implies(method);

    /// <summary>Tells the script a parameter.</summary>
    /// <exception cref="ParameterException">The script takes none.</exception>
    public async ValueTask ConfigureAsync(ParameterValue value, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(new ScriptCall(ScriptMethods.Config, value.Key, value.Value) { Abandoned = cancellationToken });
        if (!answer.IsGiven)
        {
            throw new ParameterException($"unknown parameter '{value.Key}': {answer.Script} has no method config, which would take it");
        }
    }

    /// <summary>Runs a method; does not block.</summary>
    public Task<ScriptAnswer> RunAsync(ScriptCall call)
    {
        if (_commands.Find(call.Method) is not { } command)
        {
            return Task.FromResult(new ScriptAnswer(call.Method, _commands.Name, ScriptOutcome.Missing, call.Output));
        }

        _threads.Queue(call.By(this, command));
        return call.Answer;
    }

    /// <summary>Calls the last method and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(UnloadPatience, _context.Time);
        try
        {
            // What it answers changes nothing.
            await RunAsync(new ScriptCall(ScriptMethods.Unload) { Abandoned = patience.Token, IsLast = true });
        }
        catch (Exception e) when (e is NbdException or OperationCanceledException)
        {
            _context.Logger.UnloadFailed(e.Message);
        }

        _running.Dispose();
        _threads.Dispose();
        _environment.Dispose();
        _ = Libc.Close(_emptyInput);
        _directory.Dispose();
    }

    /// <summary>Runs a method on the calling thread.</summary>
    public ScriptAnswer Run(ScriptCall call)
    {
        if (!call.IsCleanup)
        {
            call.Abandoned.ThrowIfCancellationRequested();
        }

        using var program = Start(call);
        var error = new ProgramOutput(LongestError) { DropsRest = true };
        using var watch = new ScriptWatch(program, call, _context.Time);
        if (!call.IsLast)
        {
            _running.Add(program);
        }

        ProgramExit exit;
        try
        {
            ProgramExchange.Run(program, call.Input.GetValueOrDefault().Span, call.Output, error);
        }
        catch
        {
            program.Kill();
            throw;
        }
        finally
        {
            exit = program.Wait();
            _running.Remove(program);
        }

        if (exit.Signal == ProgramCalls.KillSignal && watch.HasKilled)
        {
            throw new OperationCanceledException($"{call.Command.Name}: {call.Method} took too long and was killed", call.Abandoned);
        }

        var status = ScriptStatus.Of(exit);
        Fulfil(status, call);
        return new ScriptAnswer(call.Method, call.Command.Name, status.Outcome, call.Output, status.Outcome != ScriptOutcome.Error ? null
            : exit.Signal == ProgramCalls.KillSignal && _running.AreCut
                ? new NbdException(NbdError.ESHUTDOWN, $"{call.Command.Name}: {call.Method} was killed because the server stops")
                : ScriptError.Read(error.Text, call.Command.Name, call.Method, exit));
    }

    private RunningProgram Start(ScriptCall call)
    {
        for (var attempt = 1; ; attempt++)
        {
            var usesShell = call.Command.UsesShell;
            using var words = new NativeStrings(call.Words);
            var error = RunningProgram.TryStart(words, _environment, call.Input is null ? _emptyInput : -1, out var program);
            if (error == 0)
            {
                return program!;
            }

            if (error == Errno.ETXTBSY && attempt < MostAttempts)
            {
                // Somebody still has the script open for writing: whoever saved it, or a program that was started at that moment. The
                // system tells nobody when that is over.
                Thread.Sleep(TimeSpan.FromMilliseconds(10));
            }
            else if (error == Errno.ENOEXEC && !usesShell)
            {
                call.Command.UseShell();
            }
            else
            {
                throw Errno.Exception(error, $"{call.Command.Name} cannot be run");
            }
        }
    }

    // What a script asks for beyond its answer.
    private void Fulfil(ScriptStatus status, ScriptCall call)
    {
        if (status.StopsServer)
        {
            _context.Stop();
        }

        if (status.Disconnects is { } how)
        {
            call.Disconnect?.Invoke(how);
        }
    }
}
