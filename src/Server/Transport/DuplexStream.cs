using System.IO.Pipelines;

namespace SharpNbd.Server;

/// <summary>The client's end of a connection within the process, as a stream.</summary>
/// <param name="input">What the server says.</param>
/// <param name="output">What the server gets.</param>
internal sealed class DuplexStream(PipeReader input, PipeWriter output) : Stream
{
    // Enough for any request to be on its way while the one before it is answered; who does not read makes the server wait.
    private const int Room = 1 << 20;

    private readonly Stream _input = input.AsStream();
    private readonly Stream _output = output.AsStream();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes both ends of a connection.</summary>
    public static (Transport Server, Stream Client) CreatePair()
    {
        // The client's continuations never run on the server's thread; those of the server only wake it.
        var requests = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: Room, resumeWriterThreshold: Room / 2, useSynchronizationContext: false));
        var replies = new Pipe(new PipeOptions(
            writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: Room, resumeWriterThreshold: Room / 2, useSynchronizationContext: false));
        return (new PipeTransport(requests.Reader, replies.Writer, "this process"), new DuplexStream(replies.Reader, requests.Writer));
    }

    public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => _input.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _input.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => _input.ReadAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _output.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _output.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => _output.WriteAsync(buffer, offset, count, cancellationToken);

    // What is written is there at once.
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _output.Dispose();
        _input.Dispose();
        base.Dispose(disposing);
    }
}
