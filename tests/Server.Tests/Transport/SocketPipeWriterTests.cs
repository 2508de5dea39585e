using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>The writer that gathers headers and payloads: in whatever pieces the socket takes them, they leave whole and in order.</summary>
public sealed class SocketPipeWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public void EverythingLeavesInOrderHoweverLittleIsTakenAtOnce(int room)
    {
        var socket = new ScriptedSocketIo([], () => room);
        var writer = new SocketPipeWriter(socket);
        using var payload = new Payload(1000);
        var expected = new List<byte>();
        for (byte i = 0; i < 50; i++)
        {
            Put(writer, expected, Wire.Filled(i % 5 * 10, i));
            writer.Append(payload.Bytes[..(i * 7)]);
            expected.AddRange(payload.Bytes[..(i * 7)]);
        }

        Assert.True(writer.Flush(wait: true));

        Assert.Equal(expected, socket.Sent);
    }

    [Fact]
    public void WhatDoesNotFitStaysInFrontOfWhatComesLater()
    {
        var room = 5;
        var socket = new ScriptedSocketIo([], () => Interlocked.Exchange(ref room, 0));
        var writer = new SocketPipeWriter(socket);
        var expected = new List<byte>();
        Put(writer, expected, [1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.False(writer.Flush(wait: false));
        Assert.Equal([1, 2, 3, 4, 5], socket.Sent);
        Put(writer, expected, [9, 10]);
        Assert.False(writer.Flush(wait: false));
        room = 100;
        Assert.True(writer.Flush(wait: false));

        Assert.Equal(expected, socket.Sent);
    }

    [Fact]
    public void ManyPiecesLeaveInCallsThatTheSystemAccepts()
    {
        var socket = new ScriptedSocketIo([], () => int.MaxValue);
        var writer = new SocketPipeWriter(socket);
        using var payload = new Payload(1);
        var expected = new List<byte>();
        for (var i = 0; i < 5000; i++)
        {
            Put(writer, expected, [(byte)i]);
            writer.Append(payload.Bytes);
            expected.AddRange(payload.Bytes);
        }

        Assert.True(writer.Flush(wait: true));

        Assert.Equal(expected, socket.Sent);
        Assert.Equal(1024, socket.MostSegments);
    }

    [Fact]
    public void APieceMayBeLongerThanTheWritersOwnMemory()
    {
        var socket = new ScriptedSocketIo([], () => 1000);
        var writer = new SocketPipeWriter(socket);
        var expected = new List<byte>();
        Put(writer, expected, [1, 2, 3]);
        Put(writer, expected, Wire.Filled(600_000, 4));
        Put(writer, expected, [5]);
        Assert.True(writer.Flush(wait: true));
        Put(writer, expected, Wire.Filled(20_000, 6));
        Assert.True(writer.Flush(wait: true));

        Assert.Equal(expected, socket.Sent);
    }

    [Fact]
    public void NothingIsFlushedWithoutACall()
    {
        var socket = new ScriptedSocketIo([], () => 1);
        var writer = new SocketPipeWriter(socket);
        writer.Append([]);

        Assert.True(writer.Flush(wait: false));

        Assert.Equal(0, socket.MostSegments);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(1_000_000)]
    public void PagesLeaveAsPagesBetweenWhatIsCopied(int room)
    {
        var socket = new ScriptedSocketIo([], () => room);
        var writer = new SocketPipeWriter(socket);
        using var payload = new Payload(1000);
        var expected = new List<byte>();
        foreach (var length in new[] { 100, 99, 1000 })
        {
            Put(writer, expected, [1, 2, 3]);
            writer.AppendPages(payload.Bytes[..length]);
            expected.AddRange(payload.Bytes[..length]);
        }

        Assert.True(writer.Flush(wait: true));

        Assert.Equal(expected, socket.Sent);
        Assert.Equal([100, 1000], socket.Pages);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(103)]
    [InlineData(150)]
    public void PagesThatWereSentInPartByWhoMayNotWaitAreSentToTheirEndOnce(int first)
    {
        var room = first;
        var socket = new ScriptedSocketIo([], () => Interlocked.Exchange(ref room, 0));
        var writer = new SocketPipeWriter(socket);
        using var payload = new Payload(300);
        var expected = new List<byte>();
        for (byte i = 0; i < 3; i++)
        {
            Put(writer, expected, [i, i, i]);
            writer.AppendPages(payload.Bytes[..100]);
            expected.AddRange(payload.Bytes[..100]);
        }

        Assert.False(writer.Flush(wait: false));
        Assert.Empty(socket.Pages);
        Assert.True(writer.Flush(wait: true));

        Assert.Equal(expected, socket.Sent);
    }

    private static void Put(SocketPipeWriter writer, List<byte> expected, byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            bytes.CopyTo(writer.GetSpan(bytes.Length));
            writer.Advance(bytes.Length);
            expected.AddRange(bytes);
        }
    }

    // What is appended has to stay where it is.
    private sealed class Payload : IDisposable
    {
        private readonly NativeBuffer _buffer;

        public Payload(int length)
        {
            _buffer = new NativeBuffer(length);
            new Random(length).NextBytes(_buffer.GetSpan());
        }

        public Span<byte> Bytes => _buffer.GetSpan();

        public void Dispose() => _buffer.Free();
    }
}
