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

        context.State.IsStructured = true;
        context.Reply(OptionReplyCode.Ack);
        return NextStep.NextOption;
    }
}
