using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Reads <c>params=</c>: options as the getopt of mkisofs takes them, with one dash or two, short ones also in a bunch (<c>-JrT</c>).</summary>
internal sealed class IsoParameters
{
    private readonly IsoSettings _settings = new();
    private readonly List<string> _errors = [];
    private readonly Queue<string> _words;

    private IsoParameters(IEnumerable<string> words) => _words = new Queue<string>(words);

    /// <summary>Reads the line.</summary>
    /// <exception cref="ParameterException">Some of it is wrong or not known; all that is is told.</exception>
    public static IsoSettings Parse(string line)
    {
        List<string> words;
        try
        {
            words = ShellWords.Split(line);
        }
        catch (FormatException e)
        {
            throw new ParameterException($"params: {e.Message}");
        }

        var parameters = new IsoParameters(words);
        parameters.Read();
        return parameters._errors.Count == 0 ? parameters._settings : throw new ParameterException(parameters._errors);
    }

    private void Read()
    {
        var paths = new List<string>();
        while (_words.TryDequeue(out var word))
        {
            if (word == "--")
            {
                paths.AddRange(_words);
                _words.Clear();
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                ReadOption(word);
            }
            else
            {
                paths.Add(word);
            }
        }

        // Only now is it known whether they are graft points.
        foreach (var path in paths)
        {
            Try(path, () => _settings.Sources.Add(SpecOf(path)));
        }

        Complete();
    }

    private void ReadOption(string word)
    {
        var name = word.TrimStart('-');
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        var value = equals < 0 ? null : name[(equals + 1)..];
        if (IsoOption.Find(equals < 0 ? name : name[..equals]) is { } option && (value is null || option.TakesValue))
        {
            Apply(option, word, value);
        }
        else if (word[1] == '-' || !TryReadBunch(word))
        {
            _errors.Add(
                $"params: {word} is not known to the iso plugin; "
                + "prog=xorriso, prog=genisoimage or prog=mkisofs has a program make the image that may know it");
        }
    }

    /// <summary>Reads options of one letter in a row, the last of which may have its value behind it. Does nothing unless all are known.</summary>
    private bool TryReadBunch(string word)
    {
        var options = new List<(IsoOption Option, string? Value)>();
        for (var at = 1; at < word.Length; at++)
        {
            if (IsoOption.Find(word[at].ToString()) is not { } option)
            {
                return false;
            }

            var rest = option.TakesValue && at + 1 < word.Length ? word[(at + 1)..] : null;
            options.Add((option, rest));
            if (rest is not null)
            {
                break;
            }
        }

        foreach (var (option, value) in options)
        {
            Apply(option, word, value);
        }

        return true;
    }

    private void Apply(IsoOption option, string word, string? value)
    {
        if (option.TakesValue && value is null && !_words.TryDequeue(out value))
        {
            _errors.Add($"params: {word} needs a value behind it");
            return;
        }

        Try(value is null ? word : $"{word} {value}", () => option.Apply(_settings, value ?? ""));
    }

    private void Try(string what, Action action)
    {
        try
        {
            action();
        }
        catch (FormatException e)
        {
            _errors.Add($"params: {what}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _errors.Add($"params: {what}: {e.Message}");
        }
    }

    /// <summary>A path, or with graft points <c>PLACE=PATH</c>, in which <c>\=</c> is no sign of equality.</summary>
    private IsoPathSpec SpecOf(string text)
    {
        if (!_settings.HasGraftPoints)
        {
            return new IsoPathSpec("", FilePath.Parse(text).Value);
        }

        var target = new System.Text.StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '=')
            {
                return new IsoPathSpec(target.ToString(), FilePath.Parse(Unescaped(text[(at + 1)..])).Value);
            }

            at += text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '\\' or '=' ? 1 : 0;
            target.Append(text[at]);
        }

        return new IsoPathSpec("", FilePath.Parse(Unescaped(text)).Value);
    }

    private static string Unescaped(string text)
        => text.Replace("\\=", "=", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    /// <summary>What only makes sense together.</summary>
    private void Complete()
    {
        foreach (var image in _settings.BootImages.Where(image => image.Path.Length == 0))
        {
            _errors.Add("params: options of a boot image need -b or -e with its path");
            break;
        }

        if (_settings.HybridBootRecord is not null && _settings.BootImages.Count == 0)
        {
            _errors.Add("params: -isohybrid-mbr needs a boot image of isolinux, named by -b");
        }
    }
}
