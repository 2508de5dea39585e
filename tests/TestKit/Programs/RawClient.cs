using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SharpNbd.TestKit;

/// <summary>
/// A client of a few lines that may break every rule. It shares no code with the server, so a mistake in the server's layouts shows.
/// Replies are simple ones; it never asks for structured replies.
/// </summary>
public sealed class RawClient : IDisposable
{
    /// <summary>The commands.</summary>
    public const ushort Read = 0, Write = 1, Disconnect = 2, Flush = 3, Trim = 4, Cache = 5, WriteZeroes = 6, BlockStatus = 7;

    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly Dictionary<ulong, int> _reads = [];

    private RawClient(Socket socket) => _socket = socket;

    /// <summary>Size of the export, from the handshake.</summary>
    public ulong Size { get; private set; }

    /// <summary>Transmission flags of the export, from the handshake.</summary>
    public ushort Flags { get; private set; }

    /// <summary>True when at least one byte of a reply has arrived.</summary>
    public bool HasReply => _socket.Available > 0;

    /// <summary>Connects and says nothing: the server is left waiting for the client's flags.</summary>
    public static RawClient Connect(string socketPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)ReplyTimeout.TotalMilliseconds,
            SendTimeout = (int)ReplyTimeout.TotalMilliseconds,
        };
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        return new RawClient(socket);
    }

    /// <summary>Connects and opens an export with EXPORT_NAME, the oldest option, so that requests can be sent.</summary>
    public static RawClient Open(string socketPath, string exportName = "")
    {
        var client = Connect(socketPath);
        var greeting = client.ReceiveExactly(18);
        if (!greeting.AsSpan(0, 16).SequenceEqual("NBDMAGICIHAVEOPT"u8))
        {
            throw new InvalidDataException("not a newstyle greeting");
        }

        // Fixed newstyle, no zeroes after the flags.
        client.SendRaw([0, 0, 0, 3]);
        var name = Encoding.UTF8.GetBytes(exportName);
        var option = new byte[16 + name.Length];
        "IHAVEOPT"u8.CopyTo(option);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(12), (uint)name.Length);
        name.CopyTo(option, 16);
        client.SendRaw(option);

        var export = client.ReceiveExactly(10);
        client.Size = BinaryPrimitives.ReadUInt64BigEndian(export);
        client.Flags = BinaryPrimitives.ReadUInt16BigEndian(export.AsSpan(8));
        return client;
    }

    /// <summary>The 28 bytes of a request's header.</summary>
    public static byte[] Header(ushort command, ulong cookie, ulong offset, uint length, ushort flags = 0)
    {
        var header = new byte[28];
        BinaryPrimitives.WriteUInt32BigEndian(header, 0x25609513);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), flags);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), command);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), cookie);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(16), offset);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), length);
        return header;
    }

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Sends a request without a payload.</summary>
    public void Send(ushort command, ulong cookie, ulong offset, uint length, ushort flags = 0)
    {
        if (command == Read)
        {
            _reads[cookie] = (int)length;
        }

        SendRaw(Header(command, cookie, offset, length, flags));
    }

    /// <summary>Sends a write with its payload.</summary>
    public void SendWrite(ulong cookie, ulong offset, ReadOnlySpan<byte> data, ushort flags = 0)
    {
        SendRaw([.. Header(Write, cookie, offset, (uint)data.Length, flags), .. data]);
    }

    /// <summary>Waits for the next reply, whichever request it answers.</summary>
    public RawReply Receive()
    {
        var header = ReceiveExactly(16);
        if (BinaryPrimitives.ReadUInt32BigEndian(header) != 0x67446698)
        {
            throw new InvalidDataException("not a simple reply");
        }

        var error = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        var cookie = BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8));
        var data = _reads.Remove(cookie, out var length) && error == 0 ? ReceiveExactly(length) : [];
        return new RawReply(cookie, error, data);
    }

    /// <summary>Sends a request and waits for its reply, when nothing else is under way.</summary>
    public RawReply Ask(ushort command, ulong offset, uint length, ushort flags = 0)
    {
        Send(command, cookie: 0x0123456789abcdef, offset, length, flags);
        return Receive();
    }

    /// <summary>Waits until the server closes the connection; false when it sends something instead.</summary>
    public bool IsClosedByServer()
    {
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>Closes the connection without a word.</summary>
    public void Dispose() => _socket.Dispose();

    private byte[] ReceiveExactly(int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var received = _socket.Receive(bytes, done, length - done, SocketFlags.None);
            if (received == 0)
            {
                throw new EndOfStreamException("the server closed the connection");
            }

            done += received;
        }

        return bytes;
    }
}
