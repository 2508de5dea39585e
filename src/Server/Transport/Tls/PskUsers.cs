using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Tls;

namespace SharpNbd.Server;

/// <summary>
/// Finds the key of the user that a client says it is. A user that is not in the file gets a key that nobody knows, so that the handshake
/// fails where it fails for a wrong key: a client cannot find out which users there are.
/// </summary>
internal sealed class PskUsers(PskFile file) : TlsPskIdentityManager
{
    private const int KeySize = 32;

    /// <summary>What the log should say when the handshake fails; null while no user was named.</summary>
    public string? Problem { get; private set; }

    /// <summary>No hint: the client knows who it is.</summary>
    public byte[]? GetHint() => null;

    /// <summary>The key of a user, in TLS 1.2.</summary>
    public byte[] GetPsk(byte[] identity) => Find([identity]).Key;

    /// <summary>The first of the identities that is a user; else the first of them, with a key that nobody knows.</summary>
    public (byte[] Identity, byte[] Key) Find(IReadOnlyList<byte[]> identities)
    {
        var keys = Read();
        foreach (var identity in identities)
        {
            if (keys.TryGetValue(Encoding.UTF8.GetString(identity), out var key))
            {
                Problem = $"the client does not have the key of the user '{Printable(identity)}'";
                return (identity, key);
            }
        }

        Problem ??= $"there is no user '{Printable(identities[0])}' in {file.Path}";
        return (identities[0], RandomNumberGenerator.GetBytes(KeySize));
    }

    private IReadOnlyDictionary<string, byte[]> Read()
    {
        try
        {
            return file.Read();
        }
        catch (StartupException e)
        {
            // It was good when the server started.
            Problem = e.Message;
            return new Dictionary<string, byte[]>();
        }
    }

    // A stranger's text must not write lines of its own into the log.
    private static string Printable(byte[] identity)
    {
        var text = Encoding.UTF8.GetString(identity.AsSpan(0, Math.Min(identity.Length, 64)));
        return string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
    }
}
