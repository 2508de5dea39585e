namespace SharpNbd.Plugins;

/// <summary>What runs a method of a script: the words in front of the method's name and its arguments.</summary>
/// <param name="name">What to call it in messages.</param>
/// <param name="words">The program and its first arguments.</param>
internal sealed class ScriptCommand(string name, params IReadOnlyList<string> words)
{
    public const string Shell = "/bin/sh";

    public string Name => name;

    public IReadOnlyList<string> Words => UsesShell ? [Shell, .. words] : words;

    /// <summary>The shell runs the program.</summary>
    public bool UsesShell { get; private set; }

    /// <summary>From now on the shell runs it: a text without <c>#!</c> is nothing that the system can start.</summary>
    public void UseShell() => UsesShell = true;
}
