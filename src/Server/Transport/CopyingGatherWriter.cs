using System.Buffers;
using System.IO.Pipelines;

namespace SharpNbd.Server;

/// <summary>Gathers into any other pipe writer by copying: for streams and for connections within the process.</summary>
/// <param name="inner">Where everything goes.</param>
internal sealed class CopyingGatherWriter(PipeWriter inner) : GatherWriter
{
    private Task<FlushResult>? _flushing;

    public override void Append(ReadOnlySpan<byte> memory) => inner.Write(memory);

    public override bool Flush(bool wait)
    {
        while (true)
        {
            if (_flushing is null)
            {
                var flush = inner.FlushAsync();
                if (flush.IsCompletedSuccessfully)
                {
                    Check(flush.Result);
                    return true;
                }

                _flushing = flush.AsTask();
            }

            if (!wait && !_flushing.IsCompleted)
            {
                return false;
            }

            // What was queued while this one was under way needs another.
            var result = _flushing.GetAwaiter().GetResult();
            _flushing = null;
            Check(result);
        }
    }

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private static void Check(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new IOException("the peer reads no more");
        }
    }
}
