using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The disks of a script plugin.</summary>
/// <param name="host">What runs the script.</param>
/// <param name="threadModel">How many calls the script takes at once.</param>
internal sealed class ScriptSource(ScriptHost host, ThreadModel threadModel) : DiskSource
{
    /// <summary>Ends the configuration of a script.</summary>
    /// <param name="host">What runs it; owned by the result, and closed when there is none.</param>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    public static async ValueTask<DiskSource> CreateAsync(ScriptHost host, CancellationToken cancellationToken)
    {
        try
        {
            _ = (await host.RunAsync(new ScriptCall(ScriptMethods.ConfigComplete) { Abandoned = cancellationToken })).IsGiven;
            var answer = await host.RunAsync(new ScriptCall(ScriptMethods.ThreadModel) { Abandoned = cancellationToken });
            return new ScriptSource(host, ScriptNumbers.ThreadModel(answer));
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ThreadModel ThreadModel => threadModel;

    /// <inheritdoc/>
    public override async ValueTask ReadyAsync(ThreadModel model, CancellationToken cancellationToken)
        => _ = (await host.RunAsync(new ScriptCall(ScriptMethods.GetReady) { Abandoned = cancellationToken })).IsGiven;

    /// <inheritdoc/>
    public override async ValueTask StartedAsync(CancellationToken cancellationToken)
        => _ = (await host.RunAsync(new ScriptCall(ScriptMethods.AfterFork) { Abandoned = cancellationToken })).IsGiven;

    /// <inheritdoc/>
    public override async ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken)
        => _ = (await RunAsync(ScriptMethods.Preconnect, request, cancellationToken, Word(request.ReadOnly))).IsGiven;

    /// <inheritdoc/>
    public override async ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(ScriptMethods.DefaultExport, request, cancellationToken, Word(request.ReadOnly), Word(request.IsTls));
        return answer.IsGiven && ScriptExports.Parse(answer) is [var first, ..] ? first.Name : "";
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(ScriptMethods.ListExports, request, cancellationToken, Word(request.ReadOnly), Word(request.IsTls));
        return answer.IsGiven ? ScriptExports.Parse(answer) : [new ExportInfo(await GetDefaultExportAsync(request, cancellationToken))];
    }

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => new ScriptOpening(host, request, cancellationToken).RunAsync();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>Yes or no as scripts get it.</summary>
    public static string Word(bool value) => value ? "true" : "false";

    private Task<ScriptAnswer> RunAsync(string method, ListRequest request, CancellationToken cancellationToken, params string[] arguments)
        => host.RunAsync(new ScriptCall(method, arguments)
        {
            Abandoned = cancellationToken,
            Patience = ScriptHost.VanishedPatience,
            Disconnect = request.Disconnect,
        });
}
