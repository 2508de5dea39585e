using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>Serves the newest version of a script that works.</summary>
/// <param name="options">Which script, and whether changes are looked for.</param>
/// <param name="context">What the server offers, which every version gets.</param>
/// <param name="first">The version of the start.</param>
internal sealed class CsxSource(CsxOptions options, ComponentContext context, ScriptVersion first) : DiskSource
{
    private readonly SemaphoreSlim _reloading = new(1);
    private ThreadModel _promised;
    private ScriptFiles _lastTried = first.Files;

    // Nothing else may keep a version, or it would never be unloaded.
    private volatile ScriptVersion _current = first;

    /// <summary>The first version's; a later one may only be less serialised.</summary>
    public override ThreadModel ThreadModel { get; } = first.Source.ThreadModel;

    /// <inheritdoc/>
    public override ValueTask ReadyAsync(ThreadModel threadModel, CancellationToken cancellationToken)
    {
        _promised = threadModel;
        return _current.Source.ReadyAsync(threadModel, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask EnteredBackgroundAsync(CancellationToken cancellationToken) => _current.Source.EnteredBackgroundAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask StartedAsync(CancellationToken cancellationToken) => _current.Source.StartedAsync(cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken)
    {
        await using var use = await UseAsync(cancellationToken);
        await use.Version.Source.PreconnectAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken)
    {
        await using var use = await UseAsync(cancellationToken);
        return await use.Version.Source.GetDefaultExportAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
    {
        await using var use = await UseAsync(cancellationToken);
        return await use.Version.Source.ListExportsAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var use = await UseAsync(cancellationToken);
        try
        {
            return new CsxDisk(await use.Version.Source.OpenAsync(request, cancellationToken), use);
        }
        catch
        {
            await use.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _current.RetireAsync();
        _reloading.Dispose();
    }

    private async ValueTask<ScriptUse> UseAsync(CancellationToken cancellationToken)
    {
        if (options.Reload)
        {
            await ReloadAsync(cancellationToken);
        }

        while (true)
        {
            var version = _current;
            if (version.TryEnter())
            {
                return new ScriptUse(version);
            }

            // Another connection has just replaced it.
        }
    }

    // A script is changed now and then and connections are few: the files are looked at for each.
    private async ValueTask ReloadAsync(CancellationToken cancellationToken)
    {
        await _reloading.WaitAsync(cancellationToken);
        try
        {
            if (_lastTried.HaveChanged)
            {
                _lastTried = ScriptFiles.TryRead(options.Script.Value);
                await ReplaceAsync(_lastTried, cancellationToken);
            }
        }
        finally
        {
            _reloading.Release();
        }
    }

    private async ValueTask ReplaceAsync(ScriptFiles files, CancellationToken cancellationToken)
    {
        ScriptVersion? version = null;
        try
        {
            if (files.Errors.Count > 0)
            {
                throw new ParameterException(files.Errors);
            }

            version = await ScriptVersion.CreateAsync(files, options.Others, context, cancellationToken);
            if (version.Source.ThreadModel < _promised)
            {
                throw new ParameterException($"{files.Sources.First().Name}: its thread model has become {version.Source.ThreadModel}, which takes a new start of the server");
            }

            await version.Source.ReadyAsync(_promised, cancellationToken);
            await version.Source.StartedAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a script does wrong: those who come get the one that works.
            foreach (var line in e is ParameterException { Errors: var errors } ? errors : [$"{options.Script}: {e.Message}"])
            {
                context.Logger.NotReloaded(line);
            }

            if (version is not null)
            {
                await version.RetireAsync();
            }

            return;
        }

        var old = _current;
        _current = version;
        context.Logger.Reloaded(files.Script);
        await old.RetireAsync();
    }
}
