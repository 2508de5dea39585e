namespace SharpNbd.Plugins;

/// <summary>The names that hold between two parentheses, or in a variable's text.</summary>
/// <param name="outer">The scope around it, or null.</param>
internal sealed class DataScope(DataScope? outer)
{
    private readonly Dictionary<string, DataExpression> _names = [];

    /// <summary>Gives a name its meaning from here to the end of the scope.</summary>
    public void Define(string name, DataExpression expression) => _names[name] = expression;

    /// <summary>What a name means here, or null.</summary>
    public DataExpression? Find(string name) => _names.GetValueOrDefault(name) ?? outer?.Find(name);
}
