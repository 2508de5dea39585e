using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>What <c>$NAME</c> stands for: another parameter of the command line, or a variable of the environment.</summary>
/// <param name="parameters">The other parameters; of several with one key the last counts.</param>
internal sealed class DataVariables(IReadOnlyList<ParameterValue> parameters)
{
    private readonly HashSet<string> _used = [];

    /// <summary>The keys of parameters that were never asked for.</summary>
    public IEnumerable<string> Unused => parameters.Select(parameter => parameter.Key).Distinct().Where(key => !_used.Contains(key));

    /// <summary>The text of a variable, or null.</summary>
    public string? Find(string name)
    {
        _used.Add(name);
        foreach (var parameter in parameters.Reverse())
        {
            if (parameter.Key == name)
            {
                return parameter.Value;
            }
        }

        return Environment.GetEnvironmentVariable(name);
    }
}
