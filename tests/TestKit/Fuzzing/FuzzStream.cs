namespace SharpNbd.TestKit;

/// <summary>What a fuzzed client says, in pieces, and what it is told.</summary>
/// <param name="client">Everything that the client says; behind it the stream ends.</param>
/// <param name="chunk">The most bytes at once; 0 for all.</param>
internal sealed class FuzzStream(byte[] client, int chunk) : Stream
{
    /// <summary>More than any input that a fuzzer may choose can be told.</summary>
    private const int MostToldEver = 512 << 20;

    [ThreadStatic]
    private static MemoryStream? _reused;

    private readonly MemoryStream _told = Reuse();
    private int _position;

    /// <summary>The most bytes at once.</summary>
    public int Chunk { get; } = chunk == 0 ? int.MaxValue : chunk;

    /// <summary>The most bytes that leave at once: more than arrive, for replies are longer than requests.</summary>
    public int Room { get; } = chunk == 0 ? int.MaxValue : chunk * 61;

    /// <summary>What the client was told.</summary>
    public ReadOnlySpan<byte> Told => _told.GetBuffer().AsSpan(0, (int)_told.Length);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(buffer.Length, Chunk), client.Length - _position);
        client.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_told.Length + buffer.Length > MostToldEver)
        {
            throw new FuzzFindingException($"the server answers {client.Length} bytes with more than {MostToldEver}");
        }

        _told.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static MemoryStream Reuse()
    {
        if (_reused is null or { Capacity: > 16 << 20 })
        {
            _reused = new MemoryStream(64 << 10);
        }

        _reused.SetLength(0);
        return _reused;
    }
}
