using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>
/// NBD_OPT_LIST_META_CONTEXT and NBD_OPT_SET_META_CONTEXT ("Metadata querying"): export name, number of queries, then the
/// queries, each string behind its 32-bit length. The one context is <c>base:allocation</c>; other namespaces are ignored.
/// </summary>
internal sealed class MetaContextOption : IOptionHandler
{
    /// <summary>The id that <c>base:allocation</c> has in block status replies.</summary>
    public const uint AllocationId = 1;

    private static ReadOnlySpan<byte> Allocation => "base:allocation"u8;

    private static ReadOnlySpan<byte> BaseWildcard => "base:"u8;

    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        var isSet = context.Option == OptionCode.SetMetaContext;
        if (isSet)
        {
            // Also a failing SET replaces what was set before.
            context.State.MetaContextExport = null;
            context.State.HasAllocation = false;
            if (context.State.Headers == HeaderForm.Simple)
            {
                return context.Refuse(OptionReplyCode.ErrInvalid, "SET_META_CONTEXT needs structured replies or extended headers");
            }
        }

        if (!TryParse(data, out var name, out var queries, out var isFound, out var problem))
        {
            return context.Refuse(OptionReplyCode.ErrInvalid, problem);
        }

        isFound = isSet ? isFound.HasFlag(Match.Exact) ? Match.Exact : Match.None : queries == 0 ? Match.Exact : isFound;
        if (isFound != Match.None)
        {
            Span<byte> reply = stackalloc byte[4 + Allocation.Length];
            BinaryPrimitives.WriteUInt32BigEndian(reply, isSet ? AllocationId : 0);
            Allocation.CopyTo(reply[4..]);
            context.Reply(OptionReplyCode.MetaContext, reply);
        }

        if (isSet)
        {
            context.State.MetaContextExport = name;
            context.State.HasAllocation = isFound != Match.None;
        }

        context.Reply(OptionReplyCode.Ack);
        return NextStep.NextOption;
    }

    /// <summary>Which queries named the context.</summary>
    [Flags]
    private enum Match
    {
        None = 0,
        Wildcard = 1,
        Exact = 2,
    }

    private static bool TryParse(ReadOnlySpan<byte> data, out string name, out uint queries, out Match match, out string problem)
    {
        queries = 0;
        match = Match.None;
        if (!TryTakeString(ref data, out var wireName) || data.Length < 4)
        {
            name = "";
            problem = "the data is shorter than its lengths say";
            return false;
        }

        if (!WireText.TryDecode(wireName, out name, out problem))
        {
            return false;
        }

        queries = BinaryPrimitives.ReadUInt32BigEndian(data);
        data = data[4..];
        for (var i = 0u; i < queries; i++)
        {
            if (!TryTakeString(ref data, out var query))
            {
                problem = "the data is shorter than its lengths say";
                return false;
            }

            if (query.Length > WireText.MaximumLength)
            {
                problem = $"a query of {query.Length} bytes, at most {WireText.MaximumLength} are allowed";
                return false;
            }

            match |= query.SequenceEqual(Allocation) ? Match.Exact : query.SequenceEqual(BaseWildcard) ? Match.Wildcard : Match.None;
        }

        problem = "bytes behind the last query";
        return data.IsEmpty;
    }

    private static bool TryTakeString(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (data.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(data) is var length && length > data.Length - 4)
        {
            return false;
        }

        text = data.Slice(4, (int)length);
        data = data[(4 + (int)length)..];
        return true;
    }
}
