using System.IO.Pipelines;

namespace SharpNbd.Server.Tests;

/// <summary>The writer for connections that are not sockets: it copies, and it too must not wait unless told to.</summary>
public sealed class CopyingGatherWriterTests
{
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 8, resumeWriterThreshold: 4, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));

    [Fact]
    public void WhatIsAppendedAndWhatIsWrittenLeavesInOrder()
    {
        var writer = new CopyingGatherWriter(_pipe.Writer);

        Put(writer, 1, 2);
        writer.Append(new byte[] { 3, 4 });
        Put(writer, 5);

        Assert.True(writer.Flush(wait: false));
        Assert.Equal([1, 2, 3, 4, 5], Take());
    }

    [Fact]
    public void ItDoesNotWaitForAPeerThatReadsNothing()
    {
        var writer = new CopyingGatherWriter(_pipe.Writer);
        Put(writer, 1, 2, 3, 4, 5, 6, 7, 8);

        Assert.False(writer.Flush(wait: false));
        Assert.False(writer.Flush(wait: false));
    }

    [Fact]
    public void WhatIsQueuedWhileThePeerMakesNoRoomIsSentWhenItDoes()
    {
        var writer = new CopyingGatherWriter(_pipe.Writer);
        Put(writer, 1, 2, 3, 4, 5, 6, 7, 8);
        Assert.False(writer.Flush(wait: false));

        Put(writer, 9);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Take());
        Assert.True(writer.Flush(wait: true));

        Assert.Equal([9], Take());
    }

    [Fact]
    public async Task ItWaitsForThePeerWhenItIsToldTo()
    {
        var writer = new CopyingGatherWriter(_pipe.Writer);
        Put(writer, 1, 2, 3, 4, 5, 6, 7, 8);

        var flush = Task.Run(() => writer.Flush(wait: true));
        var arrived = await _pipe.Reader.ReadAsync();
        Assert.False(flush.IsCompleted);
        _pipe.Reader.AdvanceTo(arrived.Buffer.End);

        Assert.True(await flush);
    }

    [Fact]
    public void APeerThatIsGoneIsAnIoException()
    {
        var writer = new CopyingGatherWriter(_pipe.Writer);
        _pipe.Reader.Complete();
        Put(writer, 1);

        Assert.Throws<IOException>(() => writer.Flush(wait: false));
    }

    [Fact]
    public async Task AWaitThatIsCancelledIsAnIoException()
    {
        var writer = new CopyingGatherWriter(_pipe.Writer);
        Put(writer, 1, 2, 3, 4, 5, 6, 7, 8);

        var flush = Task.Run(() => writer.Flush(wait: true));
        writer.CancelPendingFlush();

        await Assert.ThrowsAsync<IOException>(() => flush);
    }

    private static void Put(CopyingGatherWriter writer, params byte[] bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }

    private byte[] Take()
    {
        Assert.True(_pipe.Reader.TryRead(out var result), "nothing has arrived");
        var bytes = System.Buffers.BuffersExtensions.ToArray(result.Buffer);
        _pipe.Reader.AdvanceTo(result.Buffer.End);
        return bytes;
    }
}
