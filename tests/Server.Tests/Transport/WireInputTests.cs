using System.IO.Pipelines;

namespace SharpNbd.Server.Tests;

/// <summary>The input of a connection: whatever pieces the bytes come in, and whatever way they are taken, they are the same bytes.</summary>
public sealed class WireInputTests
{
    private const int Total = 4_000_000;

    private static readonly byte[] Bytes = Random(Total);

    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 3000)]
    [InlineData(3, 70_000)]
    [InlineData(4, 1_000_000)]
    public void BytesOfASocketComeWholeAndInOrder(int seed, int largestPiece)
    {
        var random = new Random(seed);
        var io = new ScriptedSocketIo(Bytes, () => random.Next(1, largestPiece + 1));

        TakeAll(new WireInput(new SocketPipeReader(io)), random);
    }

    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 3000)]
    [InlineData(3, 70_000)]
    [InlineData(4, 1_000_000)]
    public async Task BytesOfAPipeComeWholeAndInOrder(int seed, int largestPiece)
    {
        var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var sender = Task.Run(async () =>
        {
            var pieces = new Random(seed);
            for (var sent = 0; sent < Total;)
            {
                var count = Math.Min(pieces.Next(1, largestPiece + 1), Total - sent);
                await pipe.Writer.WriteAsync(Bytes.AsMemory(sent, count));
                sent += count;
            }

            await pipe.Writer.CompleteAsync();
        });

        await Task.Factory.StartNew(
            () => TakeAll(new WireInput(pipe.Reader), new Random(seed)), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await sender;
    }

    [Fact]
    public async Task TheEndWithinSomethingIsTold()
    {
        foreach (var take in (Func<WireInput, bool>[])
            [
                input => input.WaitFor(11), input => input.Read(new byte[11]), input => input.Skip(11),
            ])
        {
            Assert.False(take(new WireInput(new SocketPipeReader(new ScriptedSocketIo(new byte[10], () => 3)))));
            var pipe = new Pipe();
            await pipe.Writer.WriteAsync(new byte[10]);
            await pipe.Writer.CompleteAsync();
            Assert.False(take(new WireInput(pipe.Reader)));
        }
    }

    [Fact]
    public async Task AWaitIsEndedByStop()
    {
        var input = new WireInput(new Pipe().Reader);
        var wait = Task.Factory.StartNew(
            () => input.WaitFor(1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        input.Stop();

        Assert.False(await wait.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(input.WaitFor(1));
    }

    [Fact]
    public void WhatWasLentAndKeptStaysAsItWas()
    {
        var input = new WireInput(new SocketPipeReader(new ScriptedSocketIo(Bytes, () => 100_000)));
        var kept = new List<(int Position, Memory<byte> Bytes)>();
        for (var position = 0; position + 1000 <= 2_000_000; position += 1000)
        {
            Assert.True(input.WaitFor(1000));
            if (position % 7000 == 0)
            {
                kept.Add((position, input.Lend(1000)));
                input.KeepLent();
            }
            else
            {
                Assert.True(input.Peek(1000).SequenceEqual(Bytes.AsSpan(position, 1000)));
                input.Consume(1000);
            }
        }

        Assert.All(kept, lent => Assert.True(lent.Bytes.Span.SequenceEqual(Bytes.AsSpan(lent.Position, 1000))));
    }

    private static void TakeAll(WireInput input, Random random)
    {
        for (var position = 0; position < Total;)
        {
            var left = Total - position;
            switch (random.Next(5))
            {
                case 0:
                    var shown = Math.Min(random.Next(1, 65_537), left);
                    Assert.True(input.WaitFor(shown));
                    AssertSame(input.Peek(shown), position);
                    var consumed = random.Next(1, shown + 1);
                    input.Consume(consumed);
                    position += consumed;
                    break;
                case 1:
                    var header = Math.Min(28, left);
                    Assert.True(input.WaitFor(header));
                    AssertSame(input.Peek(header), position);
                    input.Consume(header);
                    position += header;
                    break;
                case 2:
                    var payload = new byte[Math.Min(random.Next(0, 300_000), left)];
                    Assert.True(input.Read(payload));
                    AssertSame(payload, position);
                    position += payload.Length;

                    // A long payload is always followed by a header.
                    header = Math.Min(28, Total - position);
                    Assert.True(input.WaitFor(header));
                    AssertSame(input.Peek(header), position);
                    input.Consume(header);
                    position += header;
                    break;
                case 3:
                    var skipped = Math.Min(random.Next(0, 30_000), left);
                    Assert.True(input.Skip(skipped));
                    position += skipped;
                    break;
                default:
                    var lent = Math.Min(random.Next(1, 16_385), left);
                    if (input.CanLend && input.WaitFor(lent))
                    {
                        AssertSame(input.Lend(lent).Span, position);
                        position += lent;
                        if (random.Next(3) == 0)
                        {
                            input.KeepLent();
                        }
                    }

                    break;
            }
        }

        Assert.False(input.WaitFor(1));
    }

    private static void AssertSame(ReadOnlySpan<byte> bytes, int position)
        => Assert.True(bytes.SequenceEqual(Bytes.AsSpan(position, bytes.Length)), $"{bytes.Length} bytes at {position} differ");

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
