using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>
/// What a client says and expects once extended headers are agreed on: no client that is installed speaks them, so that these bytes,
/// written from the extension branch of the specification, stand for one.
/// </summary>
public static class ExtendedWire
{
    /// <summary>The header of a request.</summary>
    public static byte[] Request(ushort command, ulong cookie, ulong offset, ulong length, ushort flags = 0)
        => [.. Wire.U32(0x21e41c71), .. Wire.U16(flags), .. Wire.U16(command), .. Wire.U64(cookie), .. Wire.U64(offset), .. Wire.U64(length)];

    /// <summary>A request with a payload, whose length is in the header.</summary>
    public static byte[] RequestWithPayload(ushort command, ulong cookie, ulong offset, byte[] payload, ushort flags = 0)
        => [.. Request(command, cookie, offset, (ulong)payload.Length, (ushort)(flags | Wire.PayloadLen)), .. payload];

    /// <summary>The payload of a block status request: the length that it is about, and ids of contexts.</summary>
    public static byte[] Contexts(ulong length, params uint[] ids) => [.. Wire.U64(length), .. ids.SelectMany(id => Wire.U32(id))];

    /// <summary>A reply of one chunk; the offset is the request's.</summary>
    public static byte[] Reply(ushort type, ulong cookie, ulong offset, params byte[] payload) => Chunk(type, cookie, offset, isDone: true, payload);

    /// <summary>A chunk.</summary>
    public static byte[] Chunk(ushort type, ulong cookie, ulong offset, bool isDone, params byte[] payload)
        =>
        [
            .. Wire.U32(0x6e8a278c), .. Wire.U16(isDone ? 1 : 0), .. Wire.U16(type), .. Wire.U64(cookie), .. Wire.U64(offset),
            .. Wire.U64((ulong)payload.Length), .. payload,
        ];

    /// <summary>The reply to a read.</summary>
    public static byte[] OffsetData(ulong cookie, ulong offset, byte[] data)
        => Reply(Wire.OffsetDataChunk, cookie, offset, [.. Wire.U64(offset), .. data]);

    /// <summary>The reply to a block status request.</summary>
    public static byte[] Status(ulong cookie, ulong offset, params (ulong Length, ulong State)[] extents)
        => Reply(
            Wire.BlockStatusExtChunk, cookie, offset,
            [.. Wire.U32(1), .. Wire.U32(extents.Length), .. extents.SelectMany(e => (byte[])[.. Wire.U64(e.Length), .. Wire.U64(e.State)])]);

    /// <summary>Agrees on extended headers.</summary>
    public static WireClient WantExtendedHeaders(this WireClient client)
        => client.Option(Wire.ExtendedHeaders).ExpectReply(Wire.ExtendedHeaders, Wire.Ack);

    /// <summary>A whole handshake with extended headers and <c>base:allocation</c>.</summary>
    public static WireClient OpenExtended(this WireClient client, string export = "")
        => client.Greet().WantExtendedHeaders().WantAllocation(export).Go(export);

    /// <summary>Sends the header of a request.</summary>
    public static WireClient ExtendedRequest(
        this WireClient client, ushort command, ulong cookie, ulong offset, ulong length, ushort flags = 0)
        => client.Send(Request(command, cookie, offset, length, flags));

    /// <summary>The request has to succeed without data.</summary>
    public static WireClient ExpectDone(this WireClient client, ulong cookie, ulong offset)
        => client.Expect(Reply(Wire.NoneChunk, cookie, offset));

    /// <summary>The request has to fail with this error, and its text has to hold these words.</summary>
    public static WireClient ExpectExtendedError(this WireClient client, ulong cookie, ulong offset, uint error, string words = "")
    {
        client.Expect([.. Wire.U32(0x6e8a278c), .. Wire.U16(1), .. Wire.U16(Wire.ErrorChunk), .. Wire.U64(cookie), .. Wire.U64(offset)]);
        var length = BinaryPrimitives.ReadUInt64BigEndian(client.Receive(8));
        client.Expect(Wire.U32(error));
        var textLength = BinaryPrimitives.ReadUInt16BigEndian(client.Receive(2));
        Assert.Equal(length, 6UL + textLength);
        var text = Encoding.UTF8.GetString(client.Receive(textLength));
        Assert.NotEqual("", text);
        Assert.Contains(words, text, StringComparison.Ordinal);
        return client;
    }

    /// <summary>Says goodbye; the server has to close the connection.</summary>
    public static void DisconnectExtended(this WireClient client) => client.ExtendedRequest(Wire.Disconnect, 0, 0, 0).ExpectEnd();
}
