using Microsoft.Extensions.Logging;
using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>A server that is started for us and ends with us. It is started with the first connection, and again when it has ended.</summary>
/// <param name="words">The program and its arguments.</param>
/// <param name="logger">Where its end is told.</param>
internal sealed class CommandTarget(IReadOnlyList<string> words, ILogger logger) : UpstreamTarget
{
    private readonly SemaphoreSlim _starting = new(1);
    private UpstreamProgram? _program;

    public override async Task<NbdClient> ConnectAsync(NbdClientOptions options, CancellationToken cancellationToken)
    {
        var program = await StartAsync(cancellationToken);
        try
        {
            return await NbdClient.ConnectAsync(program.Address, options, cancellationToken);
        }
        catch (NbdConnectionException e)
        {
            // Its own words say more than that the connection was reset.
            throw await program.EndedSoonAsync() is { } exit ? new NbdConnectionException($"the program '{words[0]}' {exit} instead of serving", e) : e;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<UpstreamProgram> StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_program is { HasEnded: true })
            {
                await _program.DisposeAsync();
                _program = null;
            }

            return _program ??= UpstreamProgram.Start(words, logger);
        }
        finally
        {
            _starting.Release();
        }
    }
}
