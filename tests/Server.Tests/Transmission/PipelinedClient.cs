using System.Buffers.Binary;
using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>
/// Keeps many random requests under way on one connection and checks every answer. The area is cut in slots, and a slot has one request
/// at a time, so that what it must hold is always known.
/// </summary>
internal sealed class PipelinedClient(Socket socket, long start, int slotLength, int depth, int seed, WireForm form)
{
    private readonly Random _random = new(seed);
    private readonly byte[][] _model = [.. Enumerable.Range(0, depth).Select(_ => new byte[slotLength])];
    private readonly (ushort Command, int Offset, int Length)[] _requests = new (ushort, int, int)[depth];
    private readonly System.Collections.Concurrent.BlockingCollection<int> _free = [.. Enumerable.Range(0, depth)];
    private readonly NetworkStream _stream = new(socket);

    /// <summary>Makes so many requests and checks their answers; then reads everything once more.</summary>
    public void Run(int requests)
    {
        // Replies are taken by another thread: a server that waits for room would wait for ever otherwise.
        Exception? failure = null;
        var reader = new Thread(() =>
        {
            try
            {
                for (var i = 0; i < requests + depth; i++)
                {
                    TakeReply();
                }
            }
            catch (Exception e)
            {
                failure = e;
                _free.CompleteAdding();
                socket.Dispose();
            }
        });
        reader.Start();
        try
        {
            for (var i = 0; i < requests; i++)
            {
                var slot = _free.Take();
                var length = _random.Next(8) == 0 ? _random.Next(1, slotLength + 1) : _random.Next(1, Math.Min(slotLength, 9000) + 1);
                Begin(slot, _random.Next(10) switch { < 4 => Wire.Read, < 8 => Wire.Write, 8 => Wire.WriteZeroes, _ => Wire.Flush },
                    _random.Next(slotLength - length + 1), length);
            }

            for (var i = 0; i < depth; i++)
            {
                Begin(_free.Take(), Wire.Read, 0, slotLength);
            }
        }
        catch (Exception) when (failure is not null)
        {
            // Told below.
        }

        Assert.True(reader.Join(TimeSpan.FromSeconds(60)), "replies are missing");
        Assert.Null(failure);
        Assert.True(_free.Count == depth || failure is not null);
    }

    private void Begin(int slot, ushort command, int offset, int length)
    {
        if (command == Wire.Flush)
        {
            (offset, length) = (0, 0);
        }

        _requests[slot] = (command, offset, length);
        var wireOffset = command == Wire.Flush ? 0 : (ulong)(start + ((long)slot * slotLength) + offset);
        var header = form != WireForm.Extended ? Wire.Request(command, (ulong)slot, wireOffset, (uint)length)
            : ExtendedWire.Request(command, (ulong)slot, wireOffset, (ulong)length, command == Wire.Write ? Wire.PayloadLen : (ushort)0);
        if (command == Wire.Write)
        {
            var data = _model[slot].AsSpan(offset, length);
            _random.NextBytes(data);
            _stream.Write([.. header, .. data]);
            return;
        }

        if (command == Wire.WriteZeroes)
        {
            _model[slot].AsSpan(offset, length).Clear();
        }

        _stream.Write(header);
    }

    private void TakeReply()
    {
        var magic = BinaryPrimitives.ReadUInt32BigEndian(Take(4));
        int slot;
        if (form == WireForm.Extended)
        {
            slot = TakeExtendedHeader(magic);
        }
        else if (magic == 0x67446698)
        {
            Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(Take(4)));
            slot = (int)BinaryPrimitives.ReadUInt64BigEndian(Take(8));
            Assert.False(form == WireForm.Structured && _requests[slot].Command == Wire.Read, "a simple reply to a read");
        }
        else
        {
            Assert.Equal(0x668e33efu, magic);
            Assert.Equal([0, 1, 0, 1], Take(4));
            slot = (int)BinaryPrimitives.ReadUInt64BigEndian(Take(8));
            Assert.Equal((uint)_requests[slot].Length + 8, BinaryPrimitives.ReadUInt32BigEndian(Take(4)));
            Assert.Equal((ulong)(start + ((long)slot * slotLength) + _requests[slot].Offset), BinaryPrimitives.ReadUInt64BigEndian(Take(8)));
        }

        var (command, offset, length) = _requests[slot];
        if (command == Wire.Read)
        {
            Assert.True(Take(length).AsSpan().SequenceEqual(_model[slot].AsSpan(offset, length)), $"wrong data in slot {slot}");
        }

        _free.Add(slot);
    }

    private int TakeExtendedHeader(uint magic)
    {
        Assert.Equal(0x6e8a278cu, magic);
        var typeBytes = Take(4);
        var slot = (int)BinaryPrimitives.ReadUInt64BigEndian(Take(8));
        var (command, offset, length) = _requests[slot];
        var wireOffset = command == Wire.Flush ? 0 : (ulong)(start + ((long)slot * slotLength) + offset);
        Assert.Equal([0, 1, 0, command == Wire.Read ? (byte)1 : (byte)0], typeBytes);
        Assert.Equal(wireOffset, BinaryPrimitives.ReadUInt64BigEndian(Take(8)));
        Assert.Equal(command == Wire.Read ? (ulong)length + 8 : 0, BinaryPrimitives.ReadUInt64BigEndian(Take(8)));
        if (command == Wire.Read)
        {
            Assert.Equal(wireOffset, BinaryPrimitives.ReadUInt64BigEndian(Take(8)));
        }

        return slot;
    }

    private byte[] Take(int count)
    {
        var bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }
}
