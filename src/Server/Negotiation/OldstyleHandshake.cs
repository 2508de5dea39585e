namespace SharpNbd.Server;

/// <summary>
/// The handshake before there were options ("Oldstyle negotiation"): the server tells of its one export, and the client begins with
/// requests. It cannot be refused anything in words: where the export cannot be opened, the connection is closed.
/// </summary>
internal sealed class OldstyleHandshake(NegotiationContext context, GatherWriter output, HandshakeDeadline deadline)
{
    /// <summary>Runs the handshake.</summary>
    /// <returns>What follows; before the transmission phase the state has the disk.</returns>
    /// <exception cref="ProtocolViolationException">The client did not read it in time.</exception>
    /// <exception cref="IOException">The client is gone.</exception>
    public NextStep Run()
    {
        OpenedExport opened;
        try
        {
            opened = context.Open("");
        }
        catch (Exception e) when (!context.Closed.IsCancellationRequested)
        {
            context.Logger.OpenFailed(e.Message);
            return NextStep.Close;
        }

        context.State.Disk = opened.Disk;
        context.State.Export = opened.Facts;
        new OldstyleGreeting((ulong)opened.Facts.Size, opened.Facts.Flags).Write(output.GetSpan(OldstyleGreeting.Size));
        output.Advance(OldstyleGreeting.Size);
        try
        {
            using (deadline.Waiting())
            {
                output.Flush(wait: true);
            }
        }
        catch (IOException)
        {
            deadline.Check();
            throw;
        }

        return NextStep.Transmission;
    }
}
