namespace SharpNbd.Scripting;

/// <summary>One file of C#.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Name">What messages call it: the path from the directory that the server was started in, where it lies beneath that.</param>
/// <param name="Text">Its text; directives of scripts, which the language does not know, have become comments.</param>
internal sealed record ScriptFile(string Path, string Name, string Text);
