using System.Buffers.Binary;

namespace SharpNbd.Client;

/// <summary>What the handshake says and hears. It blocks the calling thread.</summary>
/// <param name="wire">The connection.</param>
internal sealed class HandshakeWire(ClientWire wire)
{
    /// <summary>The longest data of an answer that is understood: far more than any that the protocol knows.</summary>
    private const uint LongestAnswer = 64 << 10;

    /// <summary>The connection.</summary>
    public ClientWire Wire => wire;

    public ushort ReadU16() => BinaryPrimitives.ReadUInt16BigEndian(Read(stackalloc byte[2]));

    public uint ReadU32() => BinaryPrimitives.ReadUInt32BigEndian(Read(stackalloc byte[4]));

    public ulong ReadU64() => BinaryPrimitives.ReadUInt64BigEndian(Read(stackalloc byte[8]));

    /// <summary>Takes bytes that mean nothing.</summary>
    public void Skip(int count) => Read(new byte[count]);

    public void WriteU32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        wire.SendAll(bytes);
    }

    /// <summary>Sends an option.</summary>
    public void Send(OptionCode option, ReadOnlySpan<byte> data)
    {
        var message = new byte[16 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(message, Magic.Option);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(12), (uint)data.Length);
        data.CopyTo(message.AsSpan(16));
        wire.SendAll(message);
    }

    /// <summary>Waits for the next answer to an option.</summary>
    /// <exception cref="NbdConnectionException">It is none, or too long.</exception>
    public OptionReply Receive(OptionCode option)
    {
        var magic = ReadU64();
        var answered = ReadU32();
        var code = ReadU32();
        var length = ReadU32();
        if (magic != Magic.OptionReply || answered != (uint)option)
        {
            throw new NbdConnectionException($"the server answered the option {option} with something else (0x{magic:x16}, option {answered})");
        }

        if (length > LongestAnswer)
        {
            throw new NbdConnectionException($"the server answered the option {option} with {length} bytes; more than {LongestAnswer} make no sense");
        }

        return new OptionReply(option, (OptionReplyCode)code, Read(new byte[length]).ToArray());
    }

    private Span<byte> Read(Span<byte> bytes)
    {
        wire.ReceiveAll(bytes);
        return bytes;
    }
}
