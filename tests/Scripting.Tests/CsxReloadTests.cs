using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SharpNbd.Scripting.Tests;

public sealed class CsxReloadTests : IAsyncLifetime
{
    private readonly ScriptRun _run = new();

    [Fact]
    public async Task WhoConnectsLaterGetsTheChangedScriptAndNobodyElseNoticesIt()
    {
        _run.Write("disk.csx", ScriptRun.Constant(1));
        await _run.StartAsync(("reload", "true"));
        using var old = _run.Connect();

        _run.Write("disk.csx", ScriptRun.Constant(2));

        Assert.Equal((2, 1), (_run.ReadFirst(), ScriptRun.ReadFirst(old)));
        old.Disconnect();
    }

    [Fact]
    public async Task WithoutReloadAChangeIsNotLookedAt()
    {
        _run.Write("disk.csx", ScriptRun.Constant(1));
        await _run.StartAsync();

        _run.Write("disk.csx", ScriptRun.Constant(2));

        Assert.Equal(1, _run.ReadFirst());
    }

    [Fact]
    public async Task AScriptThatNoLongerCompilesIsLoggedOnceAndTheOldOneServesOn()
    {
        _run.Write("disk.csx", ScriptRun.Constant(1));
        await _run.StartAsync(("reload", "true"));

        _run.Write("disk.csx", "class Broken : ");

        Assert.Equal((1, 1), (_run.ReadFirst(), _run.ReadFirst()));
        Assert.EndsWith("disk.csx:1:16: Type expected (CS1031)", _run.Log.Lines.First(line => line.Contains("CS1031", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(_run.Log.Lines, line => line.Contains("CS1031", StringComparison.Ordinal));

        _run.Write("disk.csx", ScriptRun.Constant(3));
        Assert.Equal(3, _run.ReadFirst());
    }

    [Fact]
    public async Task AChangeOfALoadedFileCounts()
    {
        _run.Write("more.csx", ScriptRun.Constant(1));
        _run.Write("disk.csx", "#load \"more.csx\"");
        await _run.StartAsync(("reload", "true"));

        _run.Write("more.csx", ScriptRun.Constant(2));

        Assert.Equal(2, _run.ReadFirst());
    }

    [Fact]
    public async Task AnOldVersionIsUnloadedWhenItsLastClientHasLeft()
    {
        _run.Write("disk.csx", ScriptRun.Constant(1));
        await _run.StartAsync(("reload", "true"));
        using var old = _run.Connect();
        var code = CodeOfTheScript();
        _run.Write("disk.csx", ScriptRun.Constant(2));
        Assert.Equal(2, _run.ReadFirst());
        Collect();
        Assert.True(code.IsAlive);

        Assert.Equal(1, ScriptRun.ReadFirst(old));
        old.Disconnect();

        // The connection's thread lets go of it a moment after its last byte.
        while (code.IsAlive)
        {
            Collect();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference CodeOfTheScript()
        => new(AssemblyLoadContext.All.Single(context => context is ScriptLoadContext script && script.Files.Script == _run.Directory["disk.csx"]));

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
