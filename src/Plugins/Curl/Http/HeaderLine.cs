using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A header in the form that curl takes: <c>Name: value</c>, <c>Name;</c> for an empty value, <c>Name:</c> to leave it out.</summary>
/// <param name="Name">The header's name.</param>
/// <param name="Value">Its value; null to leave out what would be sent otherwise.</param>
internal sealed record HeaderLine(string Name, string? Value)
{
    // What the plugin's requests are made of: with others, the answers would be to other questions.
    private static readonly string[] Ours = ["Range", "If-Range", "Content-Range", "Content-Length", "Transfer-Encoding", "Accept-Encoding"];

    /// <summary>Reads a header.</summary>
    /// <exception cref="ParameterException">It has another form, or is one that only the plugin may set.</exception>
    public static HeaderLine Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var nameEnd = colon > 0 ? colon : text.EndsWith(';') ? text.Length - 1 : 0;
        var name = text[..nameEnd].Trim();

        // The text itself may be a secret and is not repeated.
        if (name.Length == 0 || !name.All(IsTokenCharacter) || text.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new ParameterException("header=: 'Name: value' is needed, 'Name;' for an empty value, or 'Name:' to leave a header out");
        }

        if (Ours.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new ParameterException($"header=: {name} is set by the plugin and cannot be changed");
        }

        var value = colon > 0 ? text[(colon + 1)..].Trim() : "";
        return new HeaderLine(name, colon > 0 && value.Length == 0 ? null : value);
    }

    // RFC 9110, section 5.6.2.
    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
