using System.Buffers.Binary;
using System.Text;
using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>
/// The handshake, from the client's side, with every kind of server: fixed newstyle, with all that it can; newstyle, which knows one
/// option; and oldstyle, which knows none ("Newstyle negotiation", "Oldstyle negotiation"). It blocks the calling thread.
/// </summary>
/// <param name="wire">The connection.</param>
/// <param name="options">What is wanted.</param>
/// <param name="host">The name of the server, where it was connected to by one.</param>
internal sealed class Handshake(ClientWire wire, NbdClientOptions options, string? host)
{
    private const ushort FixedNewstyle = 1;
    private const ushort NoZeroes = 2;
    private const int ZeroesLength = 124;

    /// <summary>The most exports that a list may have.</summary>
    private const int MostExports = 100_000;

    private HandshakeWire _wire = new(wire);
    private string _style = "";
    private bool _sendsZeroes;
    private bool _isTls;

    /// <summary>Opens the export.</summary>
    /// <exception cref="IOException">The server refuses, breaks the protocol or goes away.</exception>
    public HandshakeResult Open()
    {
        if (Begin() is { } oldstyle)
        {
            return Result(HeaderForm.Simple, oldstyle);
        }

        if (!IsFixed)
        {
            return Result(HeaderForm.Simple, OpenByName());
        }

        var form = AgreeOnHeaders();
        uint? context = form == HeaderForm.Simple ? null : AskForAllocation();
        var export = Go(OptionCode.Go) ?? OpenByName();
        return Result(form, export with { CanExtents = context is not null }, context ?? 0);
    }

    /// <summary>Asks for all exports, and says goodbye.</summary>
    /// <exception cref="IOException">The server refuses, breaks the protocol or goes away.</exception>
    public IReadOnlyList<ExportInfo> List()
    {
        if (Begin() is not null || !IsFixed)
        {
            throw new NbdConnectionException($"the exports cannot be listed: the server speaks {_style} only") { IsRefusal = true };
        }

        var exports = new List<ExportInfo>();
        _wire.Send(OptionCode.List, default);
        while (true)
        {
            var reply = _wire.Receive(OptionCode.List);
            if (reply.IsError)
            {
                throw reply.Refusal("the exports cannot be listed");
            }

            if (reply.Code == OptionReplyCode.Ack)
            {
                _wire.Send(OptionCode.Abort, default);
                return exports;
            }

            exports.Add(exports.Count < MostExports ? ExportOf(reply) : throw new NbdConnectionException($"the server has more than {MostExports} exports"));
        }
    }

    /// <summary>Asks what the export is like, and says goodbye.</summary>
    /// <returns>The export; null when the server cannot tell without opening it.</returns>
    /// <exception cref="IOException">The server refuses, breaks the protocol or goes away.</exception>
    public NbdExport? Describe()
    {
        if (Begin() is not null || !IsFixed)
        {
            return null;
        }

        var export = Go(OptionCode.Info);
        _wire.Send(OptionCode.Abort, default);
        return export;
    }

    private bool IsFixed => _style == "newstyle-fixed";

    /// <summary>Hears the greeting, and goes on to TLS.</summary>
    /// <returns>The export of an oldstyle server, which says all at once; otherwise null.</returns>
    private NbdExport? Begin()
    {
        if (_wire.ReadU64() is var first && first != Magic.Server)
        {
            throw new NbdConnectionException($"the peer is not an NBD server: it began with 0x{first:x16}");
        }

        var second = _wire.ReadU64();
        if (second == Magic.Oldstyle)
        {
            _style = "oldstyle";
            RefuseWithoutTls();
            var size = _wire.ReadU64();
            _ = _wire.ReadU16();
            var flags = (ExportFlags)_wire.ReadU16();
            _wire.Skip(ZeroesLength);
            return NbdExport.Of("", size, flags);
        }

        if (second != Magic.Option)
        {
            throw new NbdConnectionException($"the peer is not an NBD server: its second word is 0x{second:x16}");
        }

        var offered = _wire.ReadU16();
        _style = (offered & FixedNewstyle) != 0 ? "newstyle-fixed" : "newstyle";
        _sendsZeroes = (offered & NoZeroes) == 0;
        _wire.WriteU32(offered & (uint)(FixedNewstyle | NoZeroes));
        if (options.Tls.Mode != NbdTlsMode.Off)
        {
            StartTls();
        }

        return null;
    }

    private void StartTls()
    {
        if (!IsFixed)
        {
            RefuseWithoutTls();
            return;
        }

        _wire.Send(OptionCode.StartTls, default);
        var reply = _wire.Receive(OptionCode.StartTls);
        if (reply.IsError)
        {
            if (options.Tls.Mode == NbdTlsMode.Require)
            {
                throw reply.Refusal("TLS was asked for");
            }

            return;
        }

        if (reply is not { Code: OptionReplyCode.Ack, Data.Length: 0 })
        {
            throw reply.Nonsense();
        }

        _wire = new HandshakeWire(TlsClient.Connect(_wire.Wire, options.Tls, host));
        _isTls = true;
    }

    private void RefuseWithoutTls()
    {
        if (options.Tls.Mode == NbdTlsMode.Require)
        {
            throw new NbdConnectionException($"TLS was asked for: the server speaks {_style} only, which has none") { IsRefusal = true };
        }
    }

    private HeaderForm AgreeOnHeaders()
    {
        if (!options.WantStructuredReplies)
        {
            return HeaderForm.Simple;
        }

        if (options.WantExtendedHeaders && Ask(OptionCode.ExtendedHeaders))
        {
            return HeaderForm.Extended;
        }

        return Ask(OptionCode.StructuredReply) ? HeaderForm.Structured : HeaderForm.Simple;
    }

    private bool Ask(OptionCode option)
    {
        _wire.Send(option, default);
        var reply = _wire.Receive(option);
        return reply switch
        {
            { Code: OptionReplyCode.Ack, Data.Length: 0 } => true,
            { IsUnsupported: true } => false,
            { IsError: true } => throw reply.Refusal($"the server refuses the option {option}"),
            _ => throw reply.Nonsense(),
        };
    }

    /// <summary>Asks for <c>base:allocation</c> ("NBD_OPT_SET_META_CONTEXT").</summary>
    /// <returns>Its id, or null where the server does not have it.</returns>
    private uint? AskForAllocation()
    {
        const string name = "base:allocation";
        var data = new MemoryStream();
        WriteString(data, options.ExportName);
        WriteU32(data, 1);
        WriteString(data, name);
        _wire.Send(OptionCode.SetMetaContext, data.ToArray());
        uint? context = null;
        while (true)
        {
            var reply = _wire.Receive(OptionCode.SetMetaContext);
            switch (reply.Code)
            {
                case OptionReplyCode.Ack when reply.Data.Length == 0:
                    return context;
                case OptionReplyCode.MetaContext when context is null && reply.Data.Length > 4 && WireText.Decode(reply.Data.AsSpan(4)) == name:
                    context = BinaryPrimitives.ReadUInt32BigEndian(reply.Data);
                    break;
                case OptionReplyCode.TlsRequired or OptionReplyCode.Shutdown:
                    throw reply.Refusal($"the export '{WireText.Printable(options.ExportName)}' cannot be opened");
                default:
                    // What is wrong with the export, GO will say.
                    return reply.IsError ? null : throw reply.Nonsense();
            }
        }
    }

    /// <summary>Opens the export, or asks what it is like ("NBD_OPT_INFO and NBD_OPT_GO").</summary>
    /// <returns>The export; null where the server does not know the option.</returns>
    private NbdExport? Go(OptionCode option)
    {
        InfoType[] wanted = [InfoType.Name, InfoType.Description, InfoType.BlockSize];
        var data = new MemoryStream();
        WriteString(data, options.ExportName);
        data.Write([0, (byte)wanted.Length]);
        foreach (var type in wanted)
        {
            data.Write([0, (byte)type]);
        }

        _wire.Send(option, data.ToArray());
        var details = new ExportDetails(options.ExportName);
        while (true)
        {
            var reply = _wire.Receive(option);
            switch (reply.Code)
            {
                case OptionReplyCode.Ack when reply.Data.Length == 0:
                    return details.ToExport();
                case OptionReplyCode.Info when reply.Data.Length >= 2:
                    details.Take(reply);
                    break;
                case OptionReplyCode.Unsupported:
                    return null;
                default:
                    throw reply.IsError ? reply.Refusal($"the export '{WireText.Printable(options.ExportName)}' cannot be opened") : reply.Nonsense();
            }
        }
    }

    /// <summary>Opens the export in the way of old servers, which close the connection when there is none ("NBD_OPT_EXPORT_NAME").</summary>
    private NbdExport OpenByName()
    {
        _wire.Send(OptionCode.ExportName, Encoding.UTF8.GetBytes(options.ExportName));
        ulong size;
        try
        {
            size = _wire.ReadU64();
        }
        catch (NbdConnectionException e)
        {
            throw new NbdConnectionException($"the export '{WireText.Printable(options.ExportName)}' cannot be opened: {e.Message}", e) { IsRefusal = true };
        }

        var flags = (ExportFlags)_wire.ReadU16();
        if (_sendsZeroes)
        {
            _wire.Skip(ZeroesLength);
        }

        return NbdExport.Of(options.ExportName, size, flags);
    }

    private HandshakeResult Result(HeaderForm form, NbdExport export, uint context = 0)
    {
        var replies = form switch
        {
            HeaderForm.Extended => "extended headers",
            HeaderForm.Structured => "structured replies",
            _ => "simple replies",
        };
        return new HandshakeResult(_wire.Wire, form, context, export with { IsTls = _isTls, Protocol = $"{_style}, {replies}{(_isTls ? ", TLS" : "")}" });
    }

    private static ExportInfo ExportOf(OptionReply reply)
    {
        var data = reply.Data.AsSpan();
        if (reply.Code != OptionReplyCode.Server || data.Length < 4
            || BinaryPrimitives.ReadUInt32BigEndian(data) is var length && (length > WireText.LongestString || length > data.Length - 4))
        {
            throw reply.Nonsense();
        }

        var description = data[(int)(4 + length)..];
        return new ExportInfo(
            WireText.Decode(data.Slice(4, (int)length)),
            description.IsEmpty || description.Length > WireText.LongestString ? null : WireText.Decode(description));
    }

    private static void WriteString(MemoryStream data, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteU32(data, (uint)bytes.Length);
        data.Write(bytes);
    }

    private static void WriteU32(MemoryStream data, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        data.Write(bytes);
    }
}
