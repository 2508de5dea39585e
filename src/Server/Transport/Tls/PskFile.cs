using System.Text;

namespace SharpNbd.Server;

/// <summary>
/// A file of pre-shared keys as psktool writes it: a line <c>user:key</c> for each user, the key in hexadecimal digits. It is read
/// anew for every client, so that users come and go without a restart, as in nbdkit.
/// </summary>
/// <param name="path">Where it is.</param>
internal sealed class PskFile(string path)
{
    /// <summary>What OpenSSL takes (PSK_MAX_PSK_LEN); psktool makes no longer ones.</summary>
    private const int LongestKey = 512;

    /// <summary>The longest identity that TLS 1.2 and 1.3 know is longer than any that makes sense in a file.</summary>
    private const int LongestUser = 1024;

    public string Path => path;

    /// <summary>Reads all users and their keys.</summary>
    /// <exception cref="StartupException">It cannot be read or a line makes no sense. The message never holds a key.</exception>
    public IReadOnlyDictionary<string, byte[]> Read()
    {
        var keys = new Dictionary<string, byte[]>();
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--tls-psk: {e.Message}");
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            // Of a name that is there twice GnuTLS takes the first, too.
            var (user, key) = Parse(line) ?? throw new StartupException(
                $"--tls-psk: line {i + 1} of {path} is not USER:KEY with a key of hexadecimal digits, at most {LongestKey} bytes, as psktool writes it");
            keys.TryAdd(user, key);
        }

        return keys.Count > 0 ? keys : throw new StartupException($"--tls-psk: {path} holds no line USER:KEY; psktool -u USER -p FILE adds one");
    }

    private static (string User, byte[] Key)? Parse(string line)
    {
        var colon = line.LastIndexOf(':');
        if (colon is < 1 or > LongestUser || colon == line.Length - 1)
        {
            return null;
        }

        try
        {
            var key = Convert.FromHexString(line[(colon + 1)..]);
            return key.Length <= LongestKey ? (line[..colon], key) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
