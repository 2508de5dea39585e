using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>
/// A client that says exactly the bytes that a test gives it, and checks the bytes that it gets. Every call returns the client, so
/// that a test reads as a script. What does not come within half a minute fails the test.
/// </summary>
/// <param name="stream">The connection.</param>
public sealed class WireClient(Stream stream) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The connection, for who speaks something else over it.</summary>
    public Stream Connection => stream;

    /// <summary>Sends bytes as they are.</summary>
    public WireClient Send(params byte[] bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        stream.WriteAsync(bytes, patience.Token).AsTask().GetAwaiter().GetResult();
        stream.FlushAsync(patience.Token).GetAwaiter().GetResult();
        return this;
    }

    /// <summary>The next bytes have to be these.</summary>
    public WireClient Expect(params byte[] bytes)
    {
        var received = Receive(bytes.Length);
        if (!received.AsSpan().SequenceEqual(bytes))
        {
            var same = received.AsSpan().CommonPrefixLength(bytes);
            Assert.Fail($"""
                byte {same} of {bytes.Length} differs
                expected {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, same + 64)))}
                received {Convert.ToHexString(received.AsSpan(0, Math.Min(bytes.Length, same + 64)))}
                """);
        }

        return this;
    }

    /// <summary>The next bytes have to be these two pieces, in any order.</summary>
    public WireClient ExpectInAnyOrder(byte[] one, byte[] other)
    {
        var received = Receive(one.Length + other.Length);
        byte[] inOrder = [.. one, .. other];
        byte[] swapped = [.. other, .. one];
        Assert.True(
            received.AsSpan().SequenceEqual(inOrder) || received.AsSpan().SequenceEqual(swapped),
            $"neither order of {Convert.ToHexString(one)} and {Convert.ToHexString(other)}: {Convert.ToHexString(received)}");
        return this;
    }

    /// <summary>The server has to close the connection, with nothing before that.</summary>
    public WireClient ExpectEnd()
    {
        var next = new byte[1];
        Assert.True(TryReceive(next) == 0, $"the server said 0x{next[0]:x2} instead of closing the connection");
        return this;
    }

    /// <summary>The next bytes, however many are asked for.</summary>
    public byte[] Receive(int count)
    {
        var bytes = new byte[count];
        var received = TryReceive(bytes);
        Assert.True(received == count, $"the server closed the connection behind {received} of {count} bytes");
        return bytes;
    }

    /// <summary>Takes everything up to the end of the connection.</summary>
    public byte[] ReceiveToEnd()
    {
        var everything = new MemoryStream();
        var some = new byte[65536];
        for (int count; (count = TryReceive(some)) > 0;)
        {
            everything.Write(some, 0, count);
        }

        return everything.ToArray();
    }

    /// <summary>Takes the greeting and answers it.</summary>
    public WireClient Greet(uint clientFlags = Wire.BothClientFlags) => Expect(Wire.Greeting()).Send(Wire.U32(clientFlags));

    /// <summary>Sends an option.</summary>
    public WireClient Option(uint option, params byte[] data) => Send(Wire.Option(option, data));

    /// <summary>The option has to be answered like this.</summary>
    public WireClient ExpectReply(uint option, uint reply, params byte[] data) => Expect(Wire.OptionReply(option, reply, data));

    /// <summary>The option has to be refused with this error, and its text has to hold these words.</summary>
    public WireClient ExpectError(uint option, uint error, string words = "")
    {
        Expect([.. Wire.U64(0x0003e889045565a9), .. Wire.U32(option), .. Wire.U32(error)]);
        var text = Encoding.UTF8.GetString(Receive((int)ReceiveU32()));
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.NotEqual("", text);
        return this;
    }

    /// <summary>
    /// Asks for TLS, and goes on over what the handshake of this client makes of the connection.
    /// </summary>
    public WireClient StartTls(Func<Stream, Stream> handshake)
        => new(handshake(Option(Wire.StartTls).ExpectReply(Wire.StartTls, Wire.Ack).Connection));

    /// <summary>Agrees on structured replies.</summary>
    public WireClient WantStructuredReplies() => Option(Wire.StructuredReply).ExpectReply(Wire.StructuredReply, Wire.Ack);

    /// <summary>Agrees on <c>base:allocation</c>.</summary>
    public WireClient WantAllocation(string export = "")
        => Option(Wire.SetMetaContext, Wire.MetaContextData(export, "base:allocation"))
            .ExpectReply(Wire.SetMetaContext, Wire.MetaContextReply, [.. Wire.U32(1), .. "base:allocation"u8])
            .ExpectReply(Wire.SetMetaContext, Wire.Ack);

    /// <summary>Goes to the transmission phase by GO; what the export is like is not looked at.</summary>
    public WireClient Go(string export = "")
    {
        Option(Wire.Go, Wire.InfoData(export));
        Expect([.. Wire.U64(0x0003e889045565a9), .. Wire.U32(Wire.Go), .. Wire.U32(Wire.InfoReply), .. Wire.U32(12), .. Wire.U16(0)]);
        Receive(10);
        return ExpectReply(Wire.Go, Wire.Ack);
    }

    /// <summary>A whole handshake with simple replies.</summary>
    public WireClient OpenSimple(string export = "") => Greet().Go(export);

    /// <summary>A whole handshake with structured replies and <c>base:allocation</c>.</summary>
    public WireClient OpenStructured(string export = "") => Greet().WantStructuredReplies().WantAllocation(export).Go(export);

    /// <summary>Sends the header of a request.</summary>
    public WireClient Request(ushort command, ulong cookie, ulong offset, uint length, ushort flags = 0)
        => Send(Wire.Request(command, cookie, offset, length, flags));

    /// <summary>Sends a write with its payload.</summary>
    public WireClient Write(ulong cookie, ulong offset, byte[] payload, ushort flags = 0)
        => Send(Wire.WriteRequest(cookie, offset, payload, flags));

    /// <summary>The next reply has to be this simple one.</summary>
    public WireClient ExpectSimple(ulong cookie, uint error = 0, params byte[] data) => Expect(Wire.SimpleReply(cookie, error, data));

    /// <summary>The next reply has to be a structured error; its text has to hold these words.</summary>
    public WireClient ExpectErrorChunk(ulong cookie, uint error, string words = "")
    {
        Expect([.. Wire.U32(0x668e33ef), .. Wire.U16(1), .. Wire.U16(Wire.ErrorChunk), .. Wire.U64(cookie)]);
        var length = (int)ReceiveU32();
        Expect(Wire.U32(error));
        var textLength = BinaryPrimitives.ReadUInt16BigEndian(Receive(2));
        Assert.Equal(length, 6 + textLength);
        Assert.NotEqual(0, textLength);
        Assert.Contains(words, Encoding.UTF8.GetString(Receive(textLength)), StringComparison.Ordinal);
        return this;
    }

    /// <summary>Says goodbye; the server has to close the connection.</summary>
    public void Disconnect() => Request(Wire.Disconnect, 0, 0, 0).ExpectEnd();

    /// <summary>Closes the connection without a word.</summary>
    public void Dispose() => stream.Dispose();

    private uint ReceiveU32() => BinaryPrimitives.ReadUInt32BigEndian(Receive(4));

    private int TryReceive(byte[] bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the server did not send {bytes.Length} bytes");
        }
    }
}
