using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// Names of files. On Linux a name is a row of bytes that need not be text in any encoding, and a file of such a name can only
/// be opened by these bytes.
/// </summary>
internal static class FileName
{
    /// <summary>The bytes of a name that is text.</summary>
    public static byte[] ToBytes(string name) => Encoding.UTF8.GetBytes(name);

    /// <summary>A name for a message: what is not UTF-8 is replaced, and control characters cannot break the line.</summary>
    public static string ToDisplay(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name);
        return text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 ? text : string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
    }
}
