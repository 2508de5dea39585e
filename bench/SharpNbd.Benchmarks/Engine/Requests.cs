using System.Buffers.Binary;
using SharpNbd.Server;

namespace SharpNbd.Benchmarks;

/// <summary>Requests as on the wire.</summary>
internal static class Requests
{
    /// <summary>Requests at random places, the same in every run, one behind the other; writes have a payload.</summary>
    public static byte[] Batch(Command command, int count, int length, long diskSize)
    {
        var random = new Random(count);
        var payload = command == Command.Write ? length : 0;
        var batch = new byte[count * (RequestHeader.Size + payload)];
        for (var i = 0; i < count; i++)
        {
            var wire = batch.AsSpan(i * (RequestHeader.Size + payload));
            Write(wire, command, (ulong)i, (ulong)(random.NextInt64(diskSize / length) * length), (uint)length);
            random.NextBytes(wire.Slice(RequestHeader.Size, payload));
        }

        return batch;
    }

    /// <summary>The request that ends a connection.</summary>
    public static byte[] Disconnect()
    {
        var wire = new byte[RequestHeader.Size];
        Write(wire, Command.Disc, 0, 0, 0);
        return wire;
    }

    private static void Write(Span<byte> wire, Command command, ulong cookie, ulong offset, uint length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(wire, RequestHeader.Magic);
        BinaryPrimitives.WriteUInt16BigEndian(wire[4..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(wire[6..], (ushort)command);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], cookie);
        BinaryPrimitives.WriteUInt64BigEndian(wire[16..], offset);
        BinaryPrimitives.WriteUInt32BigEndian(wire[24..], length);
    }
}
