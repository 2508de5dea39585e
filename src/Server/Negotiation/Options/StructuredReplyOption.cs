namespace SharpNbd.Server;

/// <summary>NBD_OPT_STRUCTURED_REPLY. Asking again is harmless and acknowledged, as in nbdkit 1.32.</summary>
internal sealed class StructuredReplyOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            return context.Refuse(OptionReplyCode.ErrInvalid, "STRUCTURED_REPLY takes no data");
        }

        if (context.State.Headers == HeaderForm.Extended)
        {
            // There is no way back: "the server is unable to downgrade to structured replies".
            return context.Refuse(OptionReplyCode.ErrExtHeaderReqd, "extended headers are agreed on, which bring structured replies");
        }

        context.State.Headers = HeaderForm.Structured;
        context.Reply(OptionReplyCode.Ack);
        return NextStep.NextOption;
    }
}
