namespace SharpNbd.Server;

/// <summary>NBD_OPT_STARTTLS on a server without credentials ("NOTLS mode").</summary>
internal sealed class StartTlsOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
        => data.IsEmpty
            ? context.Refuse(OptionReplyCode.ErrPolicy, "this server was started without TLS")
            : context.Refuse(OptionReplyCode.ErrInvalid, "STARTTLS takes no data");
}
