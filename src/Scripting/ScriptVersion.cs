using System.Reflection;
using System.Runtime.Loader;
using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>
/// A script as it was at one time, compiled and made into a source. It is used by those who connect while it is the newest one, and is
/// unloaded when a newer one has come and the last of them has left.
/// </summary>
internal sealed class ScriptVersion
{
    private readonly Lock _lock = new();
    private readonly AssemblyLoadContext _code;
    private int _users;
    private bool _isRetired;

    private ScriptVersion(ScriptFiles files, AssemblyLoadContext code, DiskSource source)
    {
        Files = files;
        _code = code;
        Source = source;
    }

    /// <summary>What it was made of.</summary>
    public ScriptFiles Files { get; }

    /// <summary>What it makes.</summary>
    public DiskSource Source { get; }

    /// <summary>Compiles a script, or finds it compiled, and makes its source.</summary>
    /// <exception cref="ParameterException">The script does not compile or has no disk in it, or it does not take the parameters.</exception>
    public static async ValueTask<ScriptVersion> CreateAsync(
        ScriptFiles files, IReadOnlyList<ParameterValue> parameters, ComponentContext context, CancellationToken cancellationToken)
    {
        var code = new ScriptLoadContext(files);
        try
        {
            var component = ScriptComponent.Find(Load(code, files), files);
            return new ScriptVersion(files, code, await component.CreateAsync(parameters, context, cancellationToken));
        }
        catch
        {
            code.Unload();
            throw;
        }
    }

    /// <summary>Keeps it for somebody who uses it.</summary>
    /// <returns>False when it has been unloaded meanwhile.</returns>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_isRetired)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    /// <summary>Somebody does not use it any more.</summary>
    public ValueTask LeaveAsync()
    {
        bool isLast;
        lock (_lock)
        {
            isLast = --_users == 0 && _isRetired;
        }

        return isLast ? CloseAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Nobody new gets it: a newer one has come, or the server ends.</summary>
    public ValueTask RetireAsync()
    {
        bool isUnused;
        lock (_lock)
        {
            _isRetired = true;
            isUnused = _users == 0;
        }

        return isUnused ? CloseAsync() : ValueTask.CompletedTask;
    }

    private static Assembly Load(ScriptLoadContext code, ScriptFiles files)
    {
        var cache = ScriptCache.Of(files);
        if (cache?.Find() is { } compiled)
        {
            try
            {
                return code.Load(compiled);
            }
            catch (BadImageFormatException)
            {
                // Somebody has damaged it; it is written again.
            }
        }

        compiled = ScriptCompiler.Compile(files);
        cache?.Store(compiled);
        return code.Load(compiled);
    }

    private async ValueTask CloseAsync()
    {
        await Source.DisposeAsync();
        _code.Unload();
    }
}
