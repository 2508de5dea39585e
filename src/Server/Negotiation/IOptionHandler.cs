namespace SharpNbd.Server;

/// <summary>Answers one of the options.</summary>
internal interface IOptionHandler
{
    /// <summary>Reads the option's data, replies, and says what follows.</summary>
    NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data);
}
