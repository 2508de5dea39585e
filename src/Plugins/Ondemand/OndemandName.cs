using System.Text;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Export names that are names of files.</summary>
internal static class OndemandName
{
    /// <summary>The file of the export without a name.</summary>
    public const string Default = "default";

    // NAME_MAX of every file system that matters.
    private const int LongestName = 255;

    /// <summary>The file for an export.</summary>
    /// <exception cref="NbdException">The name is none for a file.</exception>
    public static string Of(string exportName)
    {
        var name = exportName.Length == 0 ? Default : exportName;
        return IsAllowed(name)
            ? name
            : throw new NbdException(NbdError.EINVAL, $"'{exportName}' cannot name a disk: at most {LongestName} bytes without . and / are needed");
    }

    /// <summary>Whether a name is one of a disk; with a dot, a name is one of ours or of somebody else.</summary>
    public static bool IsAllowed(string name)
        => name.AsSpan().IndexOfAny('.', '/', '\0') < 0 && Encoding.UTF8.GetByteCount(name) <= LongestName;
}
