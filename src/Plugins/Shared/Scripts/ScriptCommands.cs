namespace SharpNbd.Plugins;

/// <summary>The methods of a script plugin: one program for all of them, or one for each.</summary>
internal abstract class ScriptCommands
{
    /// <summary>What to call the script as a whole in messages.</summary>
    public abstract string Name { get; }

    /// <summary>What runs a method; null where it is known to be missing without running anything.</summary>
    public abstract ScriptCommand? Find(string method);

    /// <summary>Whether a <c>can_</c> method that is not there is answered with yes, because what it asks for is.</summary>
    public virtual bool Implies(string method) => false;
}
