using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A script for each method, and perhaps one for all the others.</summary>
internal sealed class EvalCommands : ScriptCommands
{
    /// <summary>The parameter for methods that have none of their own.</summary>
    public const string Missing = "missing";

    private static readonly Dictionary<string, string> Asked = new()
    {
        [ScriptMethods.CanCache] = ScriptMethods.Cache,
        [ScriptMethods.CanExtents] = ScriptMethods.Extents,
        [ScriptMethods.CanFlush] = ScriptMethods.Flush,
        [ScriptMethods.CanTrim] = ScriptMethods.Trim,
        [ScriptMethods.CanWrite] = ScriptMethods.Write,
        [ScriptMethods.CanZero] = ScriptMethods.Zero,
    };

    private readonly Dictionary<string, ScriptCommand> _commands = [];

    /// <summary>Takes the scripts.</summary>
    /// <param name="scripts">A script for each method.</param>
    /// <exception cref="ParameterException">A method is there twice.</exception>
    public EvalCommands(IEnumerable<ParameterValue> scripts)
    {
        foreach (var script in scripts)
        {
            // What the script sees as $0.
            var command = new ScriptCommand(script.Key, ScriptCommand.Shell, "-c", script.Value, script.Key);
            if (!_commands.TryAdd(script.Key, command))
            {
                throw new ParameterException($"the method {script.Key} is given more than once");
            }
        }
    }

    public override string Name => "eval";

    public override ScriptCommand? Find(string method)
        => _commands.GetValueOrDefault(method) ?? (Implies(method) ? null : _commands.GetValueOrDefault(Missing));

    public override bool Implies(string method)
        => !_commands.ContainsKey(method) && Asked.TryGetValue(method, out var asked) && _commands.ContainsKey(asked);
}
