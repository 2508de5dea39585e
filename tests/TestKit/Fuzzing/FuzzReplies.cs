using System.Text;

namespace SharpNbd.TestKit;

/// <summary>Checks what a server says in the transmission phase against what has to come.</summary>
internal ref struct FuzzReplies
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FuzzWorld _world;
    private readonly FuzzForm _form;
    private WireCursor _server;

    public FuzzReplies(FuzzWorld world, FuzzForm form, ReadOnlySpan<byte> server)
    {
        (_world, _form) = (world, form);
        _server = new WireCursor(server);
    }

    /// <summary>Every request is answered, once, and nothing else is said.</summary>
    public void Check(List<FuzzExpectation> expected)
    {
        // Bytes that were lent show what is written before they are sent.
        var isSteady = !_world.IsLending || !expected.Exists(one => one.Request.Command is Wire.Write or Wire.Trim or Wire.WriteZeroes);
        if (!_world.IsLate)
        {
            foreach (var one in expected)
            {
                CheckOne(one, isSteady);
            }
        }
        else
        {
            CheckInAnyOrder(expected, isSteady);
        }

        if (_server.Left > 0)
        {
            throw new FuzzFindingException($"{_server.Left} bytes more than {expected.Count} requests have replies");
        }
    }

    private void CheckInAnyOrder(List<FuzzExpectation> expected, bool isSteady)
    {
        var open = expected.ToDictionary(one => one.Request.Cookie);
        while (open.Count > 0)
        {
            var ahead = _server;
            ahead.Take(8, "a reply");
            var cookie = ahead.U64("the cookie of a reply");
            if (!open.Remove(cookie, out var one))
            {
                throw new FuzzFindingException($"a reply to {cookie}, which was not asked or is answered already");
            }

            CheckOne(one, isSteady);
        }
    }

    /// <summary>The next bytes are the reply to a request.</summary>
    public void CheckOne(FuzzExpectation expected, bool isSteady)
    {
        var request = expected.Request;
        var isDataless = request.Command is not Wire.Read and not Wire.BlockStatus;
        var ahead = _server;
        var isSimple = ahead.U32("the magic of a reply") == 0x67446698;
        if (_form == FuzzForm.Simple || (_form == FuzzForm.Structured && isDataless && isSimple && expected.Errors.Count == 0))
        {
            CheckSimple(expected, isSteady);
        }
        else
        {
            CheckChunks(expected, isSteady);
        }
    }

    private static void Expect(bool isRight, FuzzRequest request, string what)
    {
        if (!isRight)
        {
            throw new FuzzFindingException($"{request}: {what}");
        }
    }

    private void CheckSimple(FuzzExpectation expected, bool isSteady)
    {
        var request = expected.Request;
        Expect(_server.U32("a simple reply") == 0x67446698, request, "the magic of its simple reply is wrong");
        var error = _server.U32("the error of a simple reply");
        var cookie = _server.U64("the cookie of a simple reply");
        Expect(cookie == request.Cookie, request, $"the reply has the cookie {cookie}");
        CheckError(expected, error);
        if (error == 0 && request.Command == Wire.Read)
        {
            CheckData(expected, _server.Take((long)request.Length, "the data of a read"), 0, isSteady);
        }
    }

    private void CheckChunks(FuzzExpectation expected, bool isSteady)
    {
        var request = expected.Request;
        var told = 0UL;
        var isFailed = false;
        for (var chunks = 0; ; chunks++)
        {
            var (type, isDone, payload) = TakeChunk(request);
            var chunk = new WireCursor(payload);
            Expect(isDone || request.Command == Wire.Read, request, "several chunks");
            switch (type)
            {
                case Wire.NoneChunk:
                    Expect(payload.IsEmpty && chunks == 0 && request.Command is not Wire.Read and not Wire.BlockStatus, request, "an empty chunk");
                    break;
                case Wire.OffsetDataChunk:
                case Wire.OffsetHoleChunk:
                    Expect(request.Command == Wire.Read && (chunks == 0 || request.MayFragment), request, $"chunk {chunks} of type {type}");
                    Expect(chunk.U64("the offset of a chunk") == request.Offset + told, request, "a chunk out of order");
                    var isHole = type == Wire.OffsetHoleChunk;
                    var length = isHole ? chunk.U32("the length of a hole") : (ulong)chunk.Left;
                    Expect(length > 0 && length <= request.Length - told, request, $"a chunk of {length} bytes behind {told}");
                    Expect(!isHole || request.MayFragment, request, "a hole in spite of DF");
                    CheckData(expected, isHole ? new byte[length] : chunk.Take((long)length, "data"), (int)told, isSteady);
                    told += length;
                    break;
                case Wire.BlockStatusChunk when _form == FuzzForm.Structured:
                case Wire.BlockStatusExtChunk when _form == FuzzForm.Extended:
                    Expect(request.Command == Wire.BlockStatus && chunks == 0, request, "a block status");
                    CheckExtents(request, ref chunk);
                    break;
                case Wire.ErrorChunk:
                case Wire.ErrorOffsetChunk:
                    isFailed = true;
                    CheckErrorChunk(expected, type, ref chunk, told);
                    break;
                default:
                    Expect(false, request, $"a chunk of type {type}");
                    break;
            }

            Expect(chunk.Left == 0, request, $"{chunk.Left} bytes too many in a chunk of type {type}");
            if (isDone)
            {
                break;
            }
        }

        Expect(isFailed || expected.Errors.Count == 0, request, "it succeeded");
        Expect(isFailed || request.Command != Wire.Read || told == request.Length, request, $"only {told} bytes of it came");
    }

    private Chunk TakeChunk(FuzzRequest request)
    {
        var isExtended = _form == FuzzForm.Extended;
        Expect(_server.U32("a chunk") == (isExtended ? 0x6e8a278c : 0x668e33ef), request, "the magic of its chunk is wrong");
        var flags = _server.U16("the flags of a chunk");
        Expect(flags <= 1, request, $"a chunk with flags {flags}");
        var type = _server.U16("the type of a chunk");
        var cookie = _server.U64("the cookie of a chunk");
        Expect(cookie == request.Cookie, request, $"the chunk has the cookie {cookie}");
        Expect(!isExtended || _server.U64("the offset of a chunk") == request.Offset, request, "the chunk has another offset");
        var length = isExtended ? _server.U64("the length of a chunk") : _server.U32("the length of a chunk");
        Expect(length <= int.MaxValue, request, $"a chunk of {length} bytes");
        return new Chunk(type, flags == 1, _server.Take((long)length, "the payload of a chunk"));
    }

    private void CheckExtents(FuzzRequest request, ref WireCursor chunk)
    {
        Expect(chunk.U32("a context") == 1, request, "a context that was not agreed on");
        var isExtended = _form == FuzzForm.Extended;
        var count = isExtended ? chunk.U32("a number of descriptors") : (uint)(chunk.Left / 8);
        Expect(count > 0 && (count == 1 || !request.Has(Wire.ReqOne)), request, $"{count} descriptors");
        var covered = 0UL;
        for (var i = 0u; i < count; i++)
        {
            Expect(covered < request.Length, request, $"descriptor {i} begins behind the end");
            var length = isExtended ? chunk.U64("a length") : chunk.U32("a length");
            var state = isExtended ? chunk.U64("a state") : chunk.U32("a state");
            Expect(length > 0 && state <= 3 && length <= (ulong)_world.Size - request.Offset - covered, request, $"{length} bytes in state {state}");
            Expect(length % (ulong)_world.MinimumBlock == 0, request, $"a descriptor of {length} bytes");
            covered += length;
        }

        Expect(!request.Has(Wire.ReqOne) || covered <= request.Length, request, "a single descriptor that is longer than the request");
    }

    private readonly void CheckErrorChunk(FuzzExpectation expected, ushort type, ref WireCursor chunk, ulong told)
    {
        var request = expected.Request;
        CheckError(expected, chunk.U32("an error"));
        var text = chunk.Take(chunk.U16("the length of a text"), "a text");
        Expect(text.Length is > 0 and <= 4096, request, $"a text of {text.Length} bytes");
        try
        {
            Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            Expect(false, request, "a text that is not UTF-8");
        }

        if (type == Wire.ErrorOffsetChunk)
        {
            var offset = chunk.U64("the offset of an error");
            Expect(request.Command == Wire.Read && offset >= request.Offset && offset < request.End, request, $"an error at {offset}");
            Expect(offset == request.Offset + told, request, $"an error at {offset} behind {told} bytes");
        }
    }

    private static void CheckError(FuzzExpectation expected, uint error)
        => Expect(
            expected.Errors.Count == 0 ? error == 0 : expected.Errors.Contains(error), expected.Request,
            $"the error is {error} and not {(expected.Errors.Count == 0 ? "0" : string.Join(" or ", expected.Errors))}");

    private static void CheckData(FuzzExpectation expected, ReadOnlySpan<byte> data, int position, bool isSteady)
    {
        var request = expected.Request;
        Expect(expected.Data is not null && position + data.Length <= expected.Data.Length, request, "data that cannot be had");
        Expect(!isSteady || data.SequenceEqual(expected.Data.AsSpan(position, data.Length)), request, "the data is wrong");
    }

    private readonly ref struct Chunk(ushort type, bool isDone, ReadOnlySpan<byte> payload)
    {
        private readonly ReadOnlySpan<byte> _payload = payload;

        public void Deconstruct(out ushort chunkType, out bool isLast, out ReadOnlySpan<byte> content)
        {
            chunkType = type;
            isLast = isDone;
            content = _payload;
        }
    }
}
