using System.Net;

namespace SharpNbd.Client;

/// <summary>
/// Connects and does the handshake on a thread of its own, which goes on to receive replies when that has led to something. It is cut
/// when it takes too long or nobody waits for it any more.
/// </summary>
internal static class Opening
{
    /// <summary>Connects and opens the export.</summary>
    /// <param name="connect">Makes the connection.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="host">The name of the server, where it is connected to by one.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static Task<NbdClient> Begin(Func<Connector, ClientWire> connect, NbdClientOptions options, string? host, CancellationToken cancellationToken)
    {
        var opened = new TaskCompletionSource<NbdClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(() =>
        {
            ClientConnection? connection = null;
            try
            {
                var result = Negotiate(connect, options, host, handshake => handshake.Open(), isKept: true, cancellationToken);
                connection = new ClientConnection(result.Wire, result.Form, result.Context, options);
                opened.SetResult(new NbdClient(connection, result.Export, result.Form, ended.Task));
            }
            catch (Exception e)
            {
                // An edge: what is thrown here belongs to whoever waits.
                opened.SetException(e);
            }

            connection?.Run();
            ended.SetResult();
        });
        return opened.Task;
    }

    /// <summary>Connects only to ask something.</summary>
    public static Task<T> Ask<T>(EndPoint address, NbdClientOptions options, string? host, Func<Handshake, T> ask, CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(() =>
        {
            try
            {
                answered.SetResult(Negotiate(connector => connector.Connect(address), options, host, ask, isKept: false, cancellationToken));
            }
            catch (Exception e)
            {
                // An edge: what is thrown here belongs to whoever waits.
                answered.SetException(e);
            }
        });
        return answered.Task;
    }

    private static void Start(Action work)
        => new Thread(() => work(), maxStackSize: 512 << 10) { IsBackground = true, Name = "nbd client" }.Start();

    private static T Negotiate<T>(
        Func<Connector, ClientWire> connect, NbdClientOptions options, string? host, Func<Handshake, T> negotiate, bool isKept, CancellationToken cancellationToken)
    {
        var connector = new Connector();
        var isLate = false;
        using var deadline = new Timer(
            _ =>
            {
                isLate = true;
                connector.Abort();
            },
            null, options.HandshakeTimeout, Timeout.InfiniteTimeSpan);
        using var cancellation = cancellationToken.UnsafeRegister(connecting => ((Connector)connecting!).Abort(), connector);
        ClientWire? wire = null;
        var isDone = false;
        try
        {
            wire = connect(connector);
            var result = negotiate(new Handshake(wire, options, host));
            cancellationToken.ThrowIfCancellationRequested();
            isDone = true;
            return result;
        }
        catch (IOException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw isLate ? new NbdConnectionException($"the server did not finish the handshake within {options.HandshakeTimeout.TotalSeconds:0} seconds", e)
                : e as NbdConnectionException ?? new NbdConnectionException($"the connection to the server was lost: {e.Message}", e);
        }
        finally
        {
            // Nobody cuts it any more, and its number may soon be somebody else's.
            connector.Dispose();
            if (!isDone || !isKept)
            {
                wire?.Dispose();
            }
        }
    }
}
