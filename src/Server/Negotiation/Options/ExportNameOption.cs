namespace SharpNbd.Server;

/// <summary>
/// NBD_OPT_EXPORT_NAME, the oldest way into the transmission phase: it has no error replies, so that whatever is wrong
/// closes the connection.
/// </summary>
internal sealed class ExportNameOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        if (context.State.Headers == HeaderForm.Extended)
        {
            throw new ProtocolViolationException("EXPORT_NAME, which extended headers forbid");
        }

        if (!WireText.TryDecode(data, out var name, out var problem))
        {
            throw new ProtocolViolationException($"EXPORT_NAME with {problem}");
        }

        OpenedExport opened;
        try
        {
            opened = context.Open(name);
        }
        catch (Exception e) when (!context.Closed.IsCancellationRequested)
        {
            context.Logger.OpenFailed(e.Message);
            return NextStep.Close;
        }

        if (!opened.Facts.FitsUntoldClients)
        {
            NegotiationContext.Wait(opened.Disk.DisposeAsync());
            context.Logger.OpenFailed($"export '{name}' has block sizes that a client which uses EXPORT_NAME cannot be told");
            return NextStep.Close;
        }

        InfoOption.Choose(context, name, opened);
        var hasPadding = (context.State.ClientFlags & HandshakeFlags.NoZeroes) == 0;
        var reply = new ExportNameReply((ulong)opened.Facts.Size, context.FlagsOf(name, opened.Facts), hasPadding);
        reply.Write(context.GetSpan(reply.Size));
        context.Advance(reply.Size);
        return NextStep.Transmission;
    }
}
