using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SharpNbd.Viewer;

/// <summary>
/// Keeps other sites away, which a browser on this machine may also have open. They can neither read the picture (the origin of a
/// WebSocket is checked, and names that anybody may point here are refused) nor switch errors (that takes the page's token too).
/// </summary>
internal sealed class SameOrigin
{
    /// <summary>The header with the token.</summary>
    public const string TokenHeader = "X-SharpNbd-Token";

    /// <summary>New with each start of the program.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The request was made to an address or to a name of this machine itself.</summary>
    public static bool IsOurHost(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        return IPAddress.TryParse(host, out _)
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.Equals(Dns.GetHostName(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The request comes from the page, or from no page at all.</summary>
    public static bool IsOurPage(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && origin[0] == $"{request.Scheme}://{request.Host}");
    }

    /// <summary>The request has the token.</summary>
    public bool HasToken(HttpRequest request)
    {
        var given = request.Headers[TokenHeader];
        return given.Count == 1 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[0]!), Encoding.UTF8.GetBytes(Token));
    }
}
