using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens a script's disk for a connection: asks everything that the disk then knows.</summary>
/// <param name="host">What runs the script.</param>
/// <param name="request">What the connection wants.</param>
/// <param name="cancellationToken">Cancelled when the client is gone.</param>
internal sealed class ScriptOpening(ScriptHost host, OpenRequest request, CancellationToken cancellationToken)
{
    private string _handle = "";

    /// <summary>Opens it.</summary>
    /// <exception cref="NbdException">The script refuses, or has answered what cannot be understood.</exception>
    public async ValueTask<Disk> RunAsync()
    {
        var opened = await CallAsync(
            ScriptMethods.Open, ScriptSource.Word(request.ReadOnly), request.ExportName, ScriptSource.Word(request.IsTls));
        _handle = opened.IsGiven ? opened.Line : "";
        try
        {
            return new ScriptDisk(host, _handle, request)
            {
                ScriptSize = await GetSizeAsync(),
                ScriptCapabilities = await GetCapabilitiesAsync(),
                ScriptDescription = await GetDescriptionAsync(),
            };
        }
        catch
        {
            await ScriptDisk.CloseAsync(host, _handle, request);
            throw;
        }
    }

    private async ValueTask<long> GetSizeAsync()
    {
        var answer = await AskAsync(ScriptMethods.GetSize);
        answer.Require();
        return ScriptNumbers.Size(answer);
    }

    private async ValueTask<DiskCapabilities> GetCapabilitiesAsync()
    {
        var canWrite = !request.ReadOnly && await CanAsync(ScriptMethods.CanWrite);
        var canFlush = await CanAsync(ScriptMethods.CanFlush);
        var canZero = canWrite && await CanAsync(ScriptMethods.CanZero);
        return new DiskCapabilities
        {
            CanWrite = canWrite,
            CanFlush = canFlush,
            CanTrim = canWrite && await CanAsync(ScriptMethods.CanTrim),
            Zero = canZero ? Support.Native : Support.None,
            CanFastZero = canZero && await CanAsync(ScriptMethods.CanFastZero),
            Fua = canWrite ? await GetSupportAsync(ScriptMethods.CanFua, canFlush ? Support.Emulated : Support.None) : Support.None,
            Cache = await GetSupportAsync(ScriptMethods.CanCache, host.Implies(ScriptMethods.CanCache) ? Support.Native : Support.None),
            CanExtents = await CanAsync(ScriptMethods.CanExtents),
            CanMultiConn = await CanAsync(ScriptMethods.CanMultiConn),
            IsRotational = await CanAsync(ScriptMethods.IsRotational),
            BlockSize = await AskAsync(ScriptMethods.BlockSize) is { IsGiven: true } sizes ? ScriptNumbers.BlockSizes(sizes) : null,
        };
    }

    private async ValueTask<string?> GetDescriptionAsync()
    {
        // Only for a human: what cannot be told is left out, as in nbdkit.
        var answer = await AskAsync(ScriptMethods.ExportDescription);
        return answer.Outcome == ScriptOutcome.Ok && ScriptExports.Fits(answer.Line) ? answer.Line : null;
    }

    private async ValueTask<bool> CanAsync(string method) => host.Implies(method) || (await AskAsync(method)).IsYes();

    private async ValueTask<Support> GetSupportAsync(string method, Support otherwise)
        => await AskAsync(method) is { IsGiven: true } answer ? ScriptNumbers.Support(answer) : otherwise;

    private Task<ScriptAnswer> AskAsync(string method) => CallAsync(method, _handle);

    private Task<ScriptAnswer> CallAsync(string method, params string[] arguments)
        => host.RunAsync(new ScriptCall(method, arguments)
        {
            Abandoned = cancellationToken,
            Patience = ScriptHost.VanishedPatience,
            Disconnect = request.Disconnect,
        });
}
