using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>One run of a script for one method. Queued to an I/O thread, which waits for its end.</summary>
/// <param name="method">The method.</param>
/// <param name="arguments">Its arguments.</param>
internal sealed class ScriptCall(string method, params string[] arguments) : IoWork
{
    // More than any list of exports needs, and less than would hurt.
    private const int LongestText = 64 << 20;

    // Continuations run on the I/O thread: they look at the answer and send a reply.
    private readonly TaskCompletionSource<ScriptAnswer> _answer = new();
    private ScriptHost? _host;
    private ScriptCommand? _command;

    public string Method => method;

    public ScriptCommand Command => _command ?? throw new InvalidOperationException("the call has not been queued");

    public IReadOnlyList<string> Words => [.. Command.Words, method, .. arguments];

    /// <summary>What the script reads from its standard input, or null for nothing.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Where its standard output goes.</summary>
    public ProgramOutput Output { get; init; } = TextOutput();

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken Abandoned { get; init; }

    /// <summary>How long it may go on then.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>It is run even when nobody waits for the answer: it cleans up.</summary>
    public bool IsCleanup { get; init; }

    /// <summary>The server has stopped, and this is the end: the limit for everything before does not hold.</summary>
    public bool IsLast { get; init; }

    /// <summary>What ends the connection, where there is one.</summary>
    public Action<Disconnection>? Disconnect { get; init; }

    public Task<ScriptAnswer> Answer => _answer.Task;

    /// <summary>For output that is read as text.</summary>
    public static ProgramOutput TextOutput() => new(LongestText);

    /// <summary>Says what runs it, and by what. Once.</summary>
    public ScriptCall By(ScriptHost host, ScriptCommand command)
    {
        (_host, _command) = (host, command);
        return this;
    }

    public override void Execute()
    {
        ScriptAnswer answer;
        try
        {
            answer = _host!.Run(this);
        }
        catch (Exception e)
        {
            // An edge: what is thrown here belongs to the request, not to the thread.
            _answer.SetException(e);
            return;
        }

        _answer.SetResult(answer);
    }
}
