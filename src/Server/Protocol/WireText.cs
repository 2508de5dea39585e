using System.Text;

namespace SharpNbd.Server;

/// <summary>Strings of the protocol: UTF-8 without NUL, at most 4096 bytes ("String limits").</summary>
internal static class WireText
{
    public const int MaximumLength = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a name that a client sent; false where it is too long, holds a NUL or is not UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> wire, out string text, out string problem)
    {
        text = "";
        problem = "";
        if (wire.Length > MaximumLength)
        {
            problem = $"a name of {wire.Length} bytes, at most {MaximumLength} are allowed";
            return false;
        }

        if (wire.Contains((byte)0))
        {
            problem = "a name with a NUL in it";
            return false;
        }

        try
        {
            text = Strict.GetString(wire);
            return true;
        }
        catch (DecoderFallbackException)
        {
            problem = "a name that is not UTF-8";
            return false;
        }
    }

    /// <summary>Encodes a text for the wire, cut to what the protocol allows.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= MaximumLength)
        {
            return bytes;
        }

        // Cut in front of a character, not within one: continuation bytes are 10xxxxxx.
        var end = MaximumLength;
        while ((bytes[end] & 0xc0) == 0x80)
        {
            end--;
        }

        return bytes[..end];
    }
}
