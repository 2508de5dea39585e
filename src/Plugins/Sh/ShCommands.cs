namespace SharpNbd.Plugins;

/// <summary>One script for all methods. Whether it has one, only running it tells.</summary>
internal sealed class ShCommands(ScriptCommand script) : ScriptCommands
{
    public override string Name => script.Name;

    public override ScriptCommand? Find(string method) => script;
}
