using System.Runtime.InteropServices;
using System.Text;

namespace SharpNbd.Server;

/// <summary>What OpenSSL says, for messages.</summary>
internal static unsafe class OpenSslText
{
    /// <summary>XN_FLAG_RFC2253, which escapes control characters, so that a stranger's name cannot write lines of its own.</summary>
    private const nuint NameFlags = 0x1110317;

    private const int LongestName = 256;

    /// <summary>Why the last call of this thread failed; the errors are forgotten.</summary>
    public static string TakeError()
    {
        var error = OpenSsl.TakeError();
        OpenSsl.ClearErrors();
        return Of(OpenSsl.TextOfError(error)) is { Length: > 0 } text ? text : error == 0 ? "nothing is known of the cause" : $"error {error:X}";
    }

    /// <summary>A C string.</summary>
    public static string Of(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>A distinguished name (RFC 2253).</summary>
    public static string OfName(nint name)
    {
        var bio = OpenSsl.NewBio(OpenSsl.MemoryBioMethod());
        try
        {
            _ = OpenSsl.PrintName(bio, name, 0, NameFlags);
            var text = stackalloc byte[LongestName];
            return Encoding.UTF8.GetString(text, Math.Max(OpenSsl.ReadBio(bio, text, LongestName), 0));
        }
        finally
        {
            _ = OpenSsl.FreeBio(bio);
        }
    }
}
