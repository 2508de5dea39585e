namespace SharpNbd.Abstractions;

/// <summary>What is known of a connection before it has chosen an export.</summary>
/// <param name="ReadOnly">The server was told to serve read-only (<c>-r</c>).</param>
/// <param name="IsTls">The connection is encrypted.</param>
public readonly record struct ListRequest(bool ReadOnly, bool IsTls)
{
    /// <summary>Ends the connection, from any thread; null where there is none.</summary>
    public Action<Disconnection>? Disconnect { get; init; }
}
