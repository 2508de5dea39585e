namespace SharpNbd.Plugins;

/// <summary>One run of a program that makes something: on an I/O thread, with empty input, killed when nobody waits for it any more.</summary>
/// <param name="words">The program and its arguments.</param>
/// <param name="variables">Variables for its environment.</param>
/// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
internal sealed class ProgramRun(
    IReadOnlyList<string> words, IReadOnlyList<KeyValuePair<string, string>> variables, CancellationToken cancellationToken) : IoWork
{
    private const int LongestText = 64 << 10;

    // Where mkfs and its like are, and an ordinary user's PATH does not lead.
    private const string SystemDirectories = "/usr/local/sbin:/usr/sbin:/sbin";

    private readonly TaskCompletionSource<ProgramResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the end of the program.</summary>
    public Task<ProgramResult> Result => _result.Task;

    public override void Execute()
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _result.SetResult(Run());
        }
        catch (Exception e)
        {
            // An edge: what is thrown here belongs to whoever waits, not to the thread.
            _result.SetException(e);
        }
    }

    private ProgramResult Run()
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin"}:{SystemDirectories}";
        using var arguments = new NativeStrings(words);
        using var environment = NativeStrings.EnvironmentWith([.. variables, new("PATH", path)]);
        var emptyInput = Libc.OpenAt(Libc.CurrentDirectory, "/dev/null", Libc.OpenReadOnly | Libc.OpenCloseOnExec);
        int error;
        RunningProgram? started;
        try
        {
            error = RunningProgram.TryStart(arguments, environment, emptyInput, out started);
        }
        finally
        {
            _ = Libc.Close(emptyInput);
        }

        if (error != 0)
        {
            throw Errno.Exception(error, $"{words[0]} cannot be run");
        }

        using var program = started!;
        var output = new ProgramOutput(LongestText) { DropsRest = true };
        var complaint = new ProgramOutput(LongestText) { DropsRest = true };
        ProgramExit exit;
        using (cancellationToken.UnsafeRegister(running => ((RunningProgram)running!).Kill(), program))
        {
            try
            {
                ProgramExchange.Run(program, default, output, complaint);
            }
            catch
            {
                program.Kill();
                throw;
            }
            finally
            {
                exit = program.Wait();
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new ProgramResult(exit, output.Text, complaint.Text);
    }
}
