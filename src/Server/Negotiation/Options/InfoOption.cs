using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// NBD_OPT_INFO and NBD_OPT_GO: 32-bit name length, name, 16-bit count, that many 16-bit information types. Both open the
/// export and tell about it; GO then goes on to the transmission phase with it.
/// </summary>
internal sealed class InfoOption : IOptionHandler
{
    public NextStep Handle(NegotiationContext context, ReadOnlySpan<byte> data)
    {
        if (!TryParse(data, out var name, out var types, out var problem))
        {
            return context.Refuse(OptionReplyCode.ErrInvalid, problem);
        }

        OpenedExport opened;
        try
        {
            opened = context.Open(name);
        }
        catch (Exception e) when (!context.Closed.IsCancellationRequested)
        {
            context.Logger.OpenFailed(e.Message);
            return context.Refuse(OptionReplyCode.ErrUnknown, e.Message);
        }

        if (!opened.Facts.FitsUntoldClients && !Asks(types, InfoType.BlockSize))
        {
            NegotiationContext.Wait(opened.Disk.DisposeAsync());
            return RequireBlockSize(context, opened.Facts.BlockSize);
        }

        try
        {
            Tell(context, name, opened, types);
        }
        catch
        {
            NegotiationContext.Wait(opened.Disk.DisposeAsync());
            throw;
        }

        if (context.Option == OptionCode.Go)
        {
            Choose(context, name, opened);
            context.Reply(OptionReplyCode.Ack);
            return NextStep.Transmission;
        }

        NegotiationContext.Wait(opened.Disk.DisposeAsync());
        context.Reply(OptionReplyCode.Ack);
        return NextStep.NextOption;
    }

    /// <summary>Makes an opened export the one that is served. Meta contexts hold only for the export they were set for.</summary>
    public static void Choose(NegotiationContext context, string name, OpenedExport opened)
    {
        var state = context.State;
        state.Disk = opened.Disk;
        state.Export = opened.Facts;
        if (state.MetaContextExport != name)
        {
            state.HasAllocation = false;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> data, out string name, out ReadOnlySpan<byte> types, out string problem)
    {
        name = "";
        types = default;
        problem = "the data is shorter or longer than its lengths say";
        if (data.Length < 6)
        {
            return false;
        }

        var nameLength = BinaryPrimitives.ReadUInt32BigEndian(data);
#if FUZZ_PLANTED_BUG
        // For docs/fuzzing.md: one byte too many.
        if (nameLength > data.Length - 5)
#else
        if (nameLength > data.Length - 6)
#endif
        {
            return false;
        }

        var tail = data[(4 + (int)nameLength)..];
        types = tail[2..];
        return types.Length == 2 * BinaryPrimitives.ReadUInt16BigEndian(tail)
            && WireText.TryDecode(data.Slice(4, (int)nameLength), out name, out problem);
    }

    private static bool Asks(ReadOnlySpan<byte> types, InfoType wanted)
    {
        for (; types.Length >= 2; types = types[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(types) == (ushort)wanted)
            {
                return true;
            }
        }

        return false;
    }

    // The sizes come first, so that the client need not ask once more just to hear them ("NBD_REP_ERR_BLOCK_SIZE_REQD").
    private static NextStep RequireBlockSize(NegotiationContext context, BlockSize size)
    {
        TellBlockSize(context, size);
        return context.Refuse(
            OptionReplyCode.ErrBlockSizeReqd,
            $"the export takes blocks of {size.Minimum} bytes and at most {size.Maximum} at once: ask for NBD_INFO_BLOCK_SIZE and keep to it");
    }

    private static void TellBlockSize(NegotiationContext context, BlockSize size)
    {
        Span<byte> item = stackalloc byte[BlockSizeItem.Size];
        new BlockSizeItem(size).Write(item);
        context.Reply(OptionReplyCode.Info, item);
    }

    private static void Tell(NegotiationContext context, string name, OpenedExport opened, ReadOnlySpan<byte> types)
    {
        Span<byte> item = stackalloc byte[ExportInfoItem.Size];
        new ExportInfoItem((ulong)opened.Facts.Size, context.FlagsOf(name, opened.Facts)).Write(item);
        context.Reply(OptionReplyCode.Info, item);
        var told = 0u;
        for (; types.Length >= 2; types = types[2..])
        {
            var type = (InfoType)BinaryPrimitives.ReadUInt16BigEndian(types);
            if (type > InfoType.BlockSize || (told & (1u << (int)type)) != 0)
            {
                // Types that we do not know are ignored, and nothing is told twice.
                continue;
            }

            told |= 1u << (int)type;
            switch (type)
            {
                case InfoType.Name:
                    TellText(context, type, opened.Name);
                    break;
                case InfoType.Description when opened.Disk.Description is { } description:
                    TellText(context, type, description);
                    break;
                case InfoType.BlockSize:
                    TellBlockSize(context, opened.Facts.BlockSize);
                    break;
            }
        }
    }

    private static void TellText(NegotiationContext context, InfoType type, string text)
    {
        var encoded = WireText.Encode(text);
        var item = new byte[2 + encoded.Length];
        BinaryPrimitives.WriteUInt16BigEndian(item, (ushort)type);
        encoded.CopyTo(item, 2);
        context.Reply(OptionReplyCode.Info, item);
    }
}
