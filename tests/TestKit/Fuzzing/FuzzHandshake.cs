using System.Buffers.Binary;
using System.Text;

namespace SharpNbd.TestKit;

/// <summary>
/// Goes through both directions of a handshake at once: every option has its reply, the right one, and nothing else is said. In the end
/// it knows what was agreed on and where requests begin.
/// </summary>
internal ref struct FuzzHandshake
{
    private const int Options = 32;
    private const uint LongestData = 64 << 10;
    private const uint LongestSkipped = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FuzzWorld _world;
    private WireCursor _client;
    private WireCursor _server;
    private uint _flags;
    private int _optionsLeft = Options;
    private bool _isTls;
    private bool _hasListed;
    private string? _contextExport;

    public FuzzHandshake(FuzzWorld world, ReadOnlySpan<byte> client, ReadOnlySpan<byte> server)
    {
        _world = world;
        _client = new WireCursor(client);
        _server = new WireCursor(server);
    }

    /// <summary>What was agreed on for requests.</summary>
    public FuzzForm Form { get; private set; }

    /// <summary>Whether <c>base:allocation</c> was agreed on for the export that was chosen.</summary>
    public bool HasAllocation { get; private set; }

    /// <summary>Where requests begin in what the client says.</summary>
    public readonly int ClientPosition => _client.Position;

    /// <summary>Where replies to them begin in what the server says.</summary>
    public readonly int ServerPosition => _server.Position;

    /// <summary>Checks the handshake.</summary>
    /// <returns>Whether requests follow.</returns>
    public bool Check()
    {
        var isOpen = _world.IsOldstyle ? CheckOldstyle() : CheckNewstyle();
        if (!isOpen && _server.Left > 0)
        {
            throw new FuzzFindingException($"{_server.Left} bytes behind the end of the handshake");
        }

        return isOpen;
    }

    private static void Expect(bool isRight, string what)
    {
        if (!isRight)
        {
            throw new FuzzFindingException(what);
        }
    }

    private bool CheckOldstyle()
    {
        Expect(_server.U64("a greeting") == 0x4e42444d41474943, "the greeting is not NBDMAGIC");
        Expect(_server.U64("a greeting") == 0x00420281861253, "the greeting is not oldstyle");
        CheckSizeAndFlags(_server.U64("the size"), (ushort)_server.U32("the flags"));
        Expect(!_server.Take(124, "zeroes").ContainsAnyExcept((byte)0), "the padding is not zero");

        // Nobody can be told of block sizes here; docs/protocol.md has that oldstyle clients are served all the same.
        return true;
    }

    private bool CheckNewstyle()
    {
        Expect(_server.U64("a greeting") == 0x4e42444d41474943, "the greeting is not NBDMAGIC");
        Expect(_server.U64("a greeting") == 0x49484156454f5054, "the greeting is not IHAVEOPT");
        var offered = _server.U16("handshake flags");
        Expect(offered == (_world.OffersNoFlags ? 0 : 3), $"the greeting has the flags {offered}");
        if (_client.Left < 4)
        {
            return false;
        }

        _flags = _client.U32("client flags");
        if ((_flags & ~(uint)offered) != 0)
        {
            return false;
        }

        while (_client.Left >= 16)
        {
            if (_client.U64("an option") != 0x49484156454f5054 || --_optionsLeft < 0)
            {
                return false;
            }

            var option = _client.U32("an option");
            var length = _client.U32("the length of an option");
            if (Answer(option, length) is { } isOpen)
            {
                return isOpen;
            }
        }

        return false;
    }

    /// <summary>Checks the answer to an option: whether requests follow, or null where the next option does.</summary>
    private bool? Answer(uint option, uint length)
    {
        var isFixed = (_flags & 1) != 0 || option == Wire.ExportName;
        var isOpen = _world.Tls != FuzzTls.Require || _isTls || option is Wire.StartTls or Wire.Abort;
        var isServed = option is >= Wire.ExportName and <= Wire.ExtendedHeaders and not Wire.PeekExport
            && !(_world.RefusesStructuredReplies && (option is Wire.StructuredReply or Wire.ExtendedHeaders))
            && !(_world.RefusesMetaContexts && (option is Wire.ListMetaContext or Wire.SetMetaContext));
        if (!isFixed || !isOpen || !isServed || length > LongestData)
        {
            if (length > LongestSkipped || option == Wire.ExportName)
            {
                return false;
            }

            if (_client.Left < length)
            {
                return false;
            }

            _client.Skip(length);
            return Refused(option, !isFixed ? Wire.ErrInvalid : !isOpen ? Wire.ErrTlsReqd : !isServed ? Wire.ErrUnsup : Wire.ErrTooBig);
        }

        return _client.Left < length ? false : Serve(option, _client.Take(length, "the data of an option"));
    }

    private bool? Serve(uint option, ReadOnlySpan<byte> data)
    {
        switch (option)
        {
            case Wire.ExportName:
                return ServeExportName(data);
            case Wire.Abort:
                Acknowledged(option);
                return false;
            case Wire.List when data.IsEmpty:
                return ServeList();
            case Wire.StartTls when data.IsEmpty && !_isTls && _world.Tls != FuzzTls.Off:
                return ServeStartTls();
            case Wire.StartTls when data.IsEmpty && !_isTls:
                return Refused(option, Wire.ErrPolicy);
            case Wire.StructuredReply when data.IsEmpty && Form == FuzzForm.Extended:
                return Refused(option, Wire.ErrExtHeaderReqd);
            case Wire.StructuredReply when data.IsEmpty:
                Form = FuzzForm.Structured;
                return Acknowledged(option);
            case Wire.ExtendedHeaders when data.IsEmpty:
                Form = FuzzForm.Extended;
                return Acknowledged(option);
            case Wire.Info or Wire.Go:
                return ServeInfo(option, data);
            case Wire.ListMetaContext or Wire.SetMetaContext:
                return ServeMetaContext(option, data);
            default:
                return Refused(option, Wire.ErrInvalid);
        }
    }

    private bool? ServeExportName(ReadOnlySpan<byte> data)
    {
        if (Form == FuzzForm.Extended || !TryName(data, out var name))
        {
            return false;
        }

        if (!FuzzSource.Names.Contains(name) || _world.HasBlocks)
        {
            return false;
        }

        HasAllocation = _contextExport == name;
        CheckSizeAndFlags(_server.U64("the size"), _server.U16("the flags"));
        Expect((_flags & 2) != 0 || !_server.Take(124, "zeroes").ContainsAnyExcept((byte)0), "the padding is not zero");
        return true;
    }

    private bool? ServeList()
    {
        foreach (var name in FuzzSource.Names)
        {
            var cursor = new WireCursor(Reply(Wire.List, Wire.ServerReply));
            var told = cursor.Take(cursor.U32("the length of a name"), "a name");
            Expect(told.SequenceEqual(Encoding.UTF8.GetBytes(name)), "the name of an export is wrong");
            Strict.GetString(cursor.Take(cursor.Left, "a description"));
        }

        if (!_hasListed)
        {
            _hasListed = true;
            _optionsLeft += Options * FuzzSource.Names.Length;
        }

        return Acknowledged(Wire.List);
    }

    private bool? ServeStartTls()
    {
        // What came in the same piece was said by somebody who did not wait for the acknowledgement.
        if (_client.Left > 0 && _server.Left == 0)
        {
            return false;
        }

        Acknowledged(Wire.StartTls);
        _isTls = true;
        _hasListed = false;
        _contextExport = null;
        Form = FuzzForm.Simple;
        return null;
    }

    private bool? ServeInfo(uint option, ReadOnlySpan<byte> data)
    {
        var wanted = new WireCursor(data);
        if (data.Length < 6 || wanted.U32("") is var nameLength && nameLength > data.Length - 6)
        {
            return Refused(option, Wire.ErrInvalid);
        }

        var isName = TryName(wanted.Take(nameLength, ""), out var name);
        if (wanted.U16("") * 2 != wanted.Left || !isName)
        {
            return Refused(option, Wire.ErrInvalid);
        }

        if (!FuzzSource.Names.Contains(name))
        {
            return Refused(option, Wire.ErrUnknown);
        }

        var asked = 0u;
        while (wanted.Left > 0)
        {
            asked |= wanted.U16("") is var type && type <= 3 ? 1u << type : 0;
        }

        var isUntold = _world.HasBlocks && (asked & 8) == 0;
        var expected = isUntold ? 8u : (asked & 14) | 1;
        while (expected != 0)
        {
            expected &= ~CheckInfo(Reply(option, Wire.InfoReply), expected);
        }

        if (isUntold)
        {
            return Refused(option, Wire.ErrBlockSizeReqd);
        }

        if (option == Wire.Info)
        {
            return Acknowledged(option);
        }

        HasAllocation = _contextExport == name;
        Acknowledged(option);
        return true;
    }

    private readonly uint CheckInfo(ReadOnlySpan<byte> data, uint expected)
    {
        var info = new WireCursor(data);
        var type = info.U16("the type of an information");
        Expect(type <= 3 && (expected & (1u << type)) != 0, $"information of type {type}, which is not due");
        switch (type)
        {
            case 0:
                CheckSizeAndFlags(info.U64("the size"), info.U16("the flags"));
                break;
            case 3:
                Expect(info.U32("a size") == (uint)_world.MinimumBlock, "the minimum block size is wrong");
                Expect(info.U32("a size") == 4096, "the preferred block size is wrong");
                Expect(info.U32("a size") == (uint)_world.MaximumPayload, "the maximum block size is wrong");
                break;
            default:
                Expect(info.Left <= 4096, "a text that is too long");
                Strict.GetString(info.Take(info.Left, "a text"));
                break;
        }

        Expect(info.Left == 0, $"information of type {type} is too long");
        return 1u << type;
    }

    private bool? ServeMetaContext(uint option, ReadOnlySpan<byte> data)
    {
        if (option == Wire.SetMetaContext)
        {
            _contextExport = null;
            if (Form == FuzzForm.Simple)
            {
                return Refused(option, Wire.ErrInvalid);
            }
        }

        if (!TryQueries(data, out var name, out var queries, out var isExact, out var isWildcard))
        {
            return Refused(option, Wire.ErrInvalid);
        }

        var isTold = isExact || (option == Wire.ListMetaContext && (isWildcard || queries == 0));
        if (isTold)
        {
            var told = Reply(option, Wire.MetaContextReply);
            Expect(told[4..].SequenceEqual("base:allocation"u8), "the context is not base:allocation");
            Expect(
                BinaryPrimitives.ReadUInt32BigEndian(told) == (option == Wire.SetMetaContext ? 1u : 0), "the id of the context is wrong");
        }

        if (option == Wire.SetMetaContext && isTold)
        {
            _contextExport = name;
        }

        return Acknowledged(option);
    }

    private static bool TryQueries(ReadOnlySpan<byte> data, out string name, out uint queries, out bool isExact, out bool isWildcard)
    {
        (name, queries, isExact, isWildcard) = ("", 0, false, false);
        var cursor = new WireCursor(data);
        if (!TryText(ref cursor, out var wireName) || cursor.Left < 4 || !TryName(wireName, out name))
        {
            return false;
        }

        queries = cursor.U32("");
        for (var i = 0u; i < queries; i++)
        {
            if (!TryText(ref cursor, out var query) || query.Length > 4096)
            {
                return false;
            }

            isExact |= query.SequenceEqual("base:allocation"u8);
            isWildcard |= query.SequenceEqual("base:"u8);
        }

        return cursor.Left == 0;
    }

    private static bool TryText(ref WireCursor cursor, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (cursor.Left < 4 || cursor.U32("") is var length && length > cursor.Left)
        {
            return false;
        }

        text = cursor.Take(length, "");
        return true;
    }

    private static bool TryName(ReadOnlySpan<byte> wire, out string name)
    {
        name = "";
        if (wire.Length > 4096 || wire.Contains((byte)0))
        {
            return false;
        }

        try
        {
            name = Strict.GetString(wire);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private readonly void CheckSizeAndFlags(ulong size, ushort flags)
    {
        Expect(size == (ulong)_world.Size, $"a size of {size}");
        Expect((flags & 1) != 0, "flags without HAS_FLAGS");
        Expect((flags & 2) != 0 == _world.IsReadOnly, $"the flags 0x{flags:x} of an export that is {(_world.IsReadOnly ? "" : "not ")}read-only");
        Expect((flags & 0x80) != 0 == (Form != FuzzForm.Simple), $"the flags 0x{flags:x}, where DF goes with structured replies");
    }

    private bool? Acknowledged(uint option)
    {
        Expect(Reply(option, Wire.Ack).IsEmpty, "an acknowledgement with data");
        return null;
    }

    private bool? Refused(uint option, uint error)
    {
        var text = Reply(option, error);
        Expect(text.Length is > 0 and <= 4096, $"the text of an error of {text.Length} bytes");
        Strict.GetString(text);
        return null;
    }

    private ReadOnlySpan<byte> Reply(uint option, uint expected)
    {
        Expect(_server.U64("a reply to an option") == 0x0003e889045565a9, "the magic of a reply to an option is wrong");
        var answered = _server.U32("the option of a reply");
        Expect(answered == option, $"a reply to option {answered} instead of {option}");
        var type = _server.U32("the type of a reply");
        Expect(type == expected, $"option {option} is answered with 0x{type:x} instead of 0x{expected:x}");
        return _server.Take(_server.U32("the length of a reply"), "the data of a reply");
    }
}
