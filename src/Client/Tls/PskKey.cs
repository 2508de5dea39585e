namespace SharpNbd.Client;

/// <summary>A user's key out of a file as psktool writes it: a line <c>user:key</c> each, the key in hexadecimal digits.</summary>
/// <param name="User">Who we are.</param>
/// <param name="Key">What proves it.</param>
internal sealed record PskKey(string User, byte[] Key)
{
    /// <summary>Finds a key.</summary>
    /// <param name="path">The file.</param>
    /// <param name="user">Whose; null for the user who runs the program.</param>
    /// <exception cref="NbdConnectionException">There is none. The message never holds a key.</exception>
    public static PskKey Find(string path, string? user)
    {
        user ??= Environment.UserName;
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NbdConnectionException($"the file of pre-shared keys cannot be read: {e.Message}", e);
        }

        foreach (var line in lines)
        {
            var colon = line.LastIndexOf(':');
            if (colon > 0 && line[..colon].Trim() == user)
            {
                try
                {
                    return new PskKey(user, Convert.FromHexString(line[(colon + 1)..].Trim()));
                }
                catch (FormatException)
                {
                    throw new NbdConnectionException($"the key of '{user}' in {path} is not of hexadecimal digits, as psktool writes it");
                }
            }
        }

        throw new NbdConnectionException($"there is no key of '{user}' in {path}");
    }
}
