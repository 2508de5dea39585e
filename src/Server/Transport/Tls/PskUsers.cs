using System.Security.Cryptography;
using System.Text;

namespace SharpNbd.Server;

/// <summary>
/// Finds the key of the user that a client says it is. A user that is not in the file gets a key that nobody knows, so that the handshake
/// fails where it fails for a wrong key: a client cannot find out which users there are.
/// </summary>
internal sealed class PskUsers(PskFile file)
{
    private const int KeySize = 32;

    /// <summary>The key of an identity.</summary>
    /// <returns>The key, and what the log should say when the handshake fails.</returns>
    public (byte[] Key, string Problem) Find(ReadOnlySpan<byte> identity)
    {
        try
        {
            return file.Read().TryGetValue(Encoding.UTF8.GetString(identity), out var key)
                ? (key, $"the client does not have the key of the user '{Printable(identity)}'")
                : (RandomNumberGenerator.GetBytes(KeySize), $"there is no user '{Printable(identity)}' in {file.Path}");
        }
        catch (StartupException e)
        {
            // It was good when the server started.
            return (RandomNumberGenerator.GetBytes(KeySize), e.Message);
        }
    }

    // A stranger's text must not write lines of its own into the log.
    private static string Printable(ReadOnlySpan<byte> identity)
    {
        var text = Encoding.UTF8.GetString(identity[..Math.Min(identity.Length, 64)]);
        return string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
    }
}
