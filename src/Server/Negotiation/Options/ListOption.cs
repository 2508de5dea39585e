using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>NBD_OPT_LIST: a NBD_REP_SERVER for each export, then the acknowledgement.</summary>
internal sealed class ListOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            return context.Refuse(OptionReplyCode.ErrInvalid, "LIST takes no data");
        }

        IReadOnlyList<ExportInfo> exports;
        try
        {
            exports = NegotiationContext.Wait(context.Source.ListExportsAsync(context.ListRequest, context.Closed));
        }
        catch (Exception e) when (!context.Closed.IsCancellationRequested)
        {
            context.Logger.OpenFailed(e.Message);
            return context.Refuse(OptionReplyCode.ErrPlatform, $"the exports cannot be listed: {e.Message}");
        }

        foreach (var export in exports)
        {
            Reply(context, export);
        }

        if (!context.State.HasListed)
        {
            // A client that walks the list may ask about each of them.
            context.State.HasListed = true;
            context.State.OptionsLeft += Limits.Options * Math.Min(exports.Count, 10_000);
        }

        context.Reply(OptionReplyCode.Ack);
        return NextStep.NextOption;
    }

    private static void Reply(NegotiationContext context, ExportInfo export)
    {
        var name = WireText.Encode(export.Name);
        var description = WireText.Encode(export.Description ?? "");
        var reply = new byte[4 + name.Length + description.Length];
        BinaryPrimitives.WriteUInt32BigEndian(reply, (uint)name.Length);
        name.CopyTo(reply, 4);
        description.CopyTo(reply, 4 + name.Length);
        context.Reply(OptionReplyCode.Server, reply);
    }
}
