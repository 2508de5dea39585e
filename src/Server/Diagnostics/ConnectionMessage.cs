namespace SharpNbd.Server;

/// <summary>A message with the connection that it is about; what <see cref="ConnectionLogger"/> hands on.</summary>
/// <param name="Connection">For example <c>memory.3</c>.</param>
/// <param name="Text">The message.</param>
internal readonly record struct ConnectionMessage(string Connection, string Text)
{
    public override string ToString() => $"{Connection}: {Text}";
}
