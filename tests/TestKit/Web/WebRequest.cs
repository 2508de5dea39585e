namespace SharpNbd.TestKit;

/// <summary>A request as <see cref="WebServer"/> received it.</summary>
/// <param name="Method">For example GET.</param>
/// <param name="Target">What was asked for, for example /disk.img; a whole URL when the server is used as a proxy.</param>
/// <param name="Headers">The headers; those of one name with a comma between them.</param>
/// <param name="Body">What was sent.</param>
/// <param name="Connection">The number of the connection, from 0.</param>
public sealed record WebRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, int Connection)
{
    /// <summary>A header, or null.</summary>
    public string? this[string name] => Headers.GetValueOrDefault(name);

    /// <summary>The first and last byte of the Range or Content-Range header, or null.</summary>
    public (long First, long Last)? Range
    {
        get
        {
            if ((this["Range"] ?? this["Content-Range"]) is not { } text)
            {
                return null;
            }

            var bounds = text[6..].Split('/')[0].Split('-');
            return (long.Parse(bounds[0], null), long.Parse(bounds[1], null));
        }
    }
}
