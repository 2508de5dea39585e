using System.Buffers.Binary;
using System.Net.Sockets;

namespace SharpNbd.Server.Tests;

/// <summary>A client's stream that counts the TLS records which it gets, once somebody has said where the first one begins.</summary>
internal sealed class RecordCounter(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const int HeaderSize = 5;

    private readonly byte[] _header = new byte[HeaderSize];
    private int _headerBytes;
    private int _bodyLeft;

    /// <summary>Whole or begun, so far.</summary>
    public int Records { get; private set; }

    /// <summary>What has come so far was something else.</summary>
    public void Begin() => (_headerBytes, _bodyLeft, Records) = (0, 0, 0);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..count]);
        return count;
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_bodyLeft > 0)
            {
                var body = Math.Min(_bodyLeft, bytes.Length);
                _bodyLeft -= body;
                bytes = bytes[body..];
                continue;
            }

            _header[_headerBytes++] = bytes[0];
            bytes = bytes[1..];
            if (_headerBytes == HeaderSize)
            {
                _headerBytes = 0;
                _bodyLeft = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
                Records++;
            }
        }
    }
}
