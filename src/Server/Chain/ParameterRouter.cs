using System.Buffers;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Gives each parameter to the outermost component that declares its key: the filters as they stand on the command line,
/// then the plugin. What nobody declares goes to the component that takes any other key.
/// </summary>
/// <param name="plugin">The plugin.</param>
/// <param name="filters">The filters, the one nearest to the client first.</param>
internal sealed class ParameterRouter(Plugin plugin, IReadOnlyList<Filter> filters)
{
    // What a plugin without a magic key gets its first bare word under, as in nbdkit: the script of a language plugin.
    private const string ScriptKey = "script";

    private static readonly SearchValues<char> KeyCharacters
        = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    // The plugin is the innermost component.
    private readonly Component[] _components = [.. filters, plugin];

    /// <summary>Distributes the words behind the plugin on the command line.</summary>
    public RoutedParameters Route(IReadOnlyList<string> words)
    {
        var values = _components.Select(_ => new List<ParameterValue>()).ToArray();
        var errors = new List<string>();
        foreach (var (index, word) in words.Index())
        {
            if (Split(word) is { } pair)
            {
                if (Taker(pair.Key) is { } taker)
                {
                    values[taker].Add(pair);
                }
                else
                {
                    var nearest = Nearest(pair.Key);
                    errors.Add(Complaint(pair.Key, nearest));
                    if (nearest is not null)
                    {
                        // Only so that the component does not miss a parameter that was meant to be there.
                        values[Taker(nearest)!.Value].Add(pair with { Key = nearest });
                    }
                }
            }
            else if (plugin.Parameters.Magic is { } magic)
            {
                values[^1].Add(new ParameterValue(magic.Name, word));
            }
            else if (index == 0 && Taker(ScriptKey) is { } scriptTaker)
            {
                values[scriptTaker].Add(new ParameterValue(ScriptKey, word));
            }
            else
            {
                errors.Add($"'{word}' is not KEY=VALUE, and {plugin.Name} takes no value without a key");
            }
        }

        return new RoutedParameters(values[^1], values[..^1], errors);
    }

    private int? Taker(string key)
    {
        var taker = Array.FindIndex(_components, component => component.Parameters.Find(key) is not null);
        if (taker < 0)
        {
            taker = Array.FindIndex(_components, component => component.Parameters.AnyOther is not null);
        }

        return taker < 0 ? null : taker;
    }

    private string? Nearest(string key)
        => NearestName.Of(key, _components.SelectMany(component => component.Parameters.Declarations)
            .SelectMany(declaration => declaration.Aliases.Prepend(declaration.Name)));

    private string Complaint(string key, string? nearest)
    {
        var names = string.Join(" and ", _components.Reverse().Select(component => component.Name).Distinct());
        if (_components.All(component => component.Parameters.Declarations.Count == 0))
        {
            return $"unknown parameter '{key}': {names} {(filters.Count == 0 ? "takes" : "take")} no parameters";
        }

        var hint = nearest is null ? "" : $"; did you mean {nearest}= of {Owner(nearest)}?";
        return $"unknown parameter '{key}'{hint} ({Accepted()})";
    }

    private string Owner(string key) => Array.Find(_components, component => component.Parameters.Find(key) is not null)!.Name;

    /// <summary>What each component accepts, the plugin first because its parameters are what most users meant.</summary>
    private string Accepted()
        => string.Join("; ", _components.Reverse().Distinct().Where(component => component.Parameters.Declarations.Count > 0)
            .Select(component => $"{component.Name} accepts {string.Join(", ", component.Parameters.Declarations.Select(declaration => declaration.Name))}"));

    /// <summary>A word of the form <c>key=value</c>, where the key starts with a letter and holds letters, digits, - _ and . only.</summary>
    private static ParameterValue? Split(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var isPair = equals > 0 && char.IsAsciiLetter(word[0])
            && word.AsSpan(0, equals).IndexOfAnyExcept(KeyCharacters) < 0;
        return isPair ? new ParameterValue(word[..equals], word[(equals + 1)..]) : null;
    }
}
