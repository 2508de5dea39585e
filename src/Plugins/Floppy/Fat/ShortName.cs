using System.Runtime.CompilerServices;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// The 11 bytes of a name of 8 characters and 3 behind a dot, filled up with blanks (FAT specification, "FAT Directory Structure",
/// DIR_Name).
/// </summary>
[InlineArray(Length)]
internal struct ShortName
{
    public const int Length = BaseLength + ExtensionLength;
    public const int BaseLength = 8;
    public const int ExtensionLength = 3;

    private byte _first;

    /// <summary>A name of parts that are in capitals and short enough.</summary>
    public static ShortName Of(ReadOnlySpan<char> stem, ReadOnlySpan<char> extension)
    {
        var name = default(ShortName);
        Span<byte> bytes = name;
        bytes.Fill((byte)' ');
        Encoding.ASCII.GetBytes(stem, bytes);
        Encoding.ASCII.GetBytes(extension, bytes[BaseLength..]);
        return name;
    }

    /// <summary>Whether this is all of a long name, which then needs no entries of its own.</summary>
    public readonly bool Says(string name) => name == ToString();

    /// <summary>The name as it is typed.</summary>
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        var stem = Encoding.ASCII.GetString(bytes[..BaseLength].TrimEnd((byte)' '));
        var extension = Encoding.ASCII.GetString(bytes[BaseLength..].TrimEnd((byte)' '));
        return extension.Length == 0 ? stem : $"{stem}.{extension}";
    }
}
