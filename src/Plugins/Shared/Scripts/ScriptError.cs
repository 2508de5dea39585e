using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Reads what a script that failed has written to standard error: the name of an error number, blanks, a sentence.</summary>
internal static class ScriptError
{
    private static readonly Dictionary<string, NbdError> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["EPERM"] = NbdError.EPERM,
        ["EIO"] = NbdError.EIO,
        ["ENOMEM"] = NbdError.ENOMEM,
        ["EINVAL"] = NbdError.EINVAL,
        ["ENOSPC"] = NbdError.ENOSPC,
        ["EOVERFLOW"] = NbdError.EOVERFLOW,
        ["ENOTSUP"] = NbdError.ENOTSUP,
        ["EOPNOTSUPP"] = NbdError.ENOTSUP,
        ["ESHUTDOWN"] = NbdError.ESHUTDOWN,
        ["EROFS"] = NbdError.EPERM,
        ["EFBIG"] = NbdError.ENOSPC,
        ["EDQUOT"] = NbdError.ENOSPC,
    };

    /// <summary>The failure for a call; only the first line counts.</summary>
    /// <param name="text">What the script wrote to standard error.</param>
    /// <param name="script">The script's name.</param>
    /// <param name="method">The method.</param>
    /// <param name="exit">How it ended.</param>
    public static NbdException Read(string text, string script, string method, ProgramExit exit)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var line = (end < 0 ? text : text[..end]).TrimEnd();
        var blank = line.AsSpan().IndexOfAny(' ', '\t');
        var error = NbdError.EIO;
        if (Names.TryGetValue(blank < 0 ? line : line[..blank], out var named))
        {
            error = named;
            line = blank < 0 ? "" : line[blank..];
        }

        line = line.Trim();
        return new NbdException(error, line.Length == 0 ? $"{script}: {method} {exit}" : $"{script}: {line}");
    }
}
