namespace SharpNbd.Server;

/// <summary>NBD_OPT_STARTTLS: acknowledges, and the next byte of either side belongs to TLS.</summary>
internal sealed class StartTlsOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            return context.Refuse(OptionReplyCode.ErrInvalid, "STARTTLS takes no data");
        }

        if (context.IsTls)
        {
            return context.Refuse(OptionReplyCode.ErrInvalid, "the connection uses TLS already");
        }

        if (context.Tls == TlsMode.Off)
        {
            return context.Refuse(OptionReplyCode.ErrPolicy, "this server was started without TLS");
        }

        if (context.IsFollowed)
        {
            // Whoever put it there wants it taken for something that came encrypted.
            throw new ProtocolViolationException("bytes in the clear behind STARTTLS");
        }

        context.Reply(OptionReplyCode.Ack);
        return NextStep.StartTls;
    }
}
