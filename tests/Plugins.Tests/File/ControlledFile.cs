using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

/// <summary>A file in memory whose flushes wait until the test says how they end.</summary>
internal sealed class ControlledFile : DiskFile
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _ended = new(0);
    private readonly byte[] _content = new byte[4096];
    private NbdException? _failure;
    private int _running;
    private int _flushCount;

    public ControlledFile()
        : base(new FlushQueue())
    {
    }

    public override string DisplayName => "disk";

    public override long Size => _content.Length;

    public override bool CanWrite => true;

    /// <summary>How many flushes have begun.</summary>
    public int FlushCount => _flushCount;

    /// <summary>The most flushes that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    public Task FlushBegunAsync() => _begun.WaitAsync();

    public void EndFlush(NbdException? failure = null)
    {
        _failure = failure;
        _ended.Release();
    }

    public override void Read(long offset, Span<byte> buffer) => _content.AsSpan((int)offset, buffer.Length).CopyTo(buffer);

    public override void Write(long offset, ReadOnlySpan<byte> data) => data.CopyTo(_content.AsSpan((int)offset));

    public override void Synchronize()
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
        Interlocked.Increment(ref _flushCount);
        _begun.Release();
        _ended.Wait();
        Interlocked.Decrement(ref _running);
        if (_failure is { } failure)
        {
            throw failure;
        }
    }

    public override void Dispose()
    {
        _begun.Dispose();
        _ended.Dispose();
    }
}
