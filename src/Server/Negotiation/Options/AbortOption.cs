namespace SharpNbd.Server;

/// <summary>NBD_OPT_ABORT: acknowledges and closes; data is ignored.</summary>
internal sealed class AbortOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        context.Reply(OptionReplyCode.Ack);
        return NextStep.Close;
    }
}
