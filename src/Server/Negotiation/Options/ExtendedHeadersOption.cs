namespace SharpNbd.Server;

/// <summary>
/// NBD_OPT_EXTENDED_HEADERS (extension branch): takes precedence over structured replies, whether those were asked for or not. Asking
/// again is harmless, as with structured replies.
/// </summary>
internal sealed class ExtendedHeadersOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            return context.Refuse(OptionReplyCode.ErrInvalid, "EXTENDED_HEADERS takes no data");
        }

        context.State.Headers = HeaderForm.Extended;
        context.Reply(OptionReplyCode.Ack);
        return NextStep.NextOption;
    }
}
