using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Runs requests on the disk. What the disk completes at once is answered with the batch, without leaving the connection's
/// thread; the rest is answered when it completes.
/// </summary>
internal sealed class Dispatcher(Disk disk, ExportFacts export, ReplySender replies, InFlightGate gate, bool lends, ILogger logger, CancellationToken closed)
{
    private readonly bool _readsAreDirect = disk.ReadsAreDirect;

    /// <summary>Answers a checked read with memory that the disk lends.</summary>
    /// <returns>
    /// False when it does not: the request needs memory of its own and has to run. So it does where requests are served in order,
    /// for lent bytes show what is written before they are sent.
    /// </returns>
    public bool TryLend(Request request)
    {
        try
        {
            if (!lends || !disk.TryLend((long)request.Header.Offset, (int)request.Header.Length, out var memory))
            {
                return false;
            }

            request.Lent = memory;
        }
        catch (Exception e)
        {
            Failed(request, e);
        }

        replies.Add(request);
        return true;
    }

    /// <summary>Answers a checked read with the holes that the disk knows, and memory that it lends in between.</summary>
    /// <returns>False when it does not, as <see cref="TryLend"/>.</returns>
    public bool TryLendPieces(Request request)
    {
        if (!lends)
        {
            return false;
        }

        var length = (int)request.Header.Length;
        try
        {
            if (!disk.TryLendPieces((long)request.Header.Offset, length, request.Pieces) || request.Pieces.Length != length)
            {
                request.Pieces.Clear();
                return false;
            }
        }
        catch (Exception e)
        {
            request.Pieces.Clear();
            Failed(request, e);
        }

        replies.Add(request);
        return true;
    }

    /// <summary>Answers a checked, long read with pages that the disk puts into the connection's pipe.</summary>
    /// <returns>False when it does not: the request needs memory of its own and has to run.</returns>
    public bool TrySplice(Request request)
    {
        var length = (int)request.Header.Length;
        if (!lends || replies.PipeFor(length) is not { } pipe)
        {
            return false;
        }

        // What a disk throws here ends the connection: nobody could tell which bytes are in front of the next reply's.
        var count = disk.Splice((long)request.Header.Offset, length, pipe.WriteEnd);
        if (count != length)
        {
            pipe.Discard(count);
            return false;
        }

        request.Piped = length;
        replies.Add(request);
        replies.Flush();
        return true;
    }

    /// <summary>Runs a checked request, whose payload has arrived whole.</summary>
    /// <returns>True when it is answered already; otherwise it may be answered, and used anew, at any moment.</returns>
    public bool Run(Request request)
    {
        try
        {
            var task = Call(request);
            if (!task.IsCompleted)
            {
                gate.Enter();
                request.Await(task);
                return false;
            }

            task.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            Failed(request, e);
        }

        CheckExtents(request);
        replies.Add(request);
        return true;
    }

    /// <summary>Turns what a disk threw into the reply's error.</summary>
    public void Failed(Request request, Exception exception)
    {
        // A call that was cancelled by anybody else, as by a time limit of the disk's own, has simply failed.
        var isCancelled = exception is OperationCanceledException;
        var error = isCancelled && !closed.IsCancellationRequested ? NbdError.EIO : ErrorMapping.FromException(exception);
        request.Fail(OnTheWire(error, request.Header), exception.Message);
        if (exception is NbdException { FailedAt: { } at } && request.Header.Command == Command.Read && _readsAreDirect
            && at >= request.Range.Offset && at < request.Range.End && at - request.Range.Offset <= request.Data.Length)
        {
            request.FailedAt = at;
        }

        if ((isCancelled && closed.IsCancellationRequested) || exception is NbdException { IsLogged: true })
        {
            return;
        }

        var header = request.Header;
        if (isCancelled || exception is NbdException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            logger.RequestFailed(header.Command, header.Offset, header.Length, error, exception.Message);
        }
        else
        {
            logger.RequestFaulted(header.Command, header.Offset, header.Length, exception);
        }
    }

    /// <summary>Answers a request that was in flight.</summary>
    public void Completed(Request request)
    {
        CheckExtents(request);
        replies.Finish(request);
    }

    // A reply without a descriptor would leave the client where it is ("NBD_REPLY_TYPE_BLOCK_STATUS").
    private void CheckExtents(Request request)
    {
        if (request.Header.Command != Command.BlockStatus || request.Error != NbdError.None)
        {
            return;
        }

        if (request.Extents is not { Count: > 0 })
        {
            Failed(request, new NbdException(NbdError.EIO, "the disk found no extents"));
        }
        else if (export.BlockSize.Minimum > 1)
        {
            request.RoundExtents(export.BlockSize.Minimum, export.Size);
        }
    }

    // Two numbers have a meaning only with the flag that allows them ("Error values").
    private static NbdError OnTheWire(NbdError error, in RequestHeader header) => error switch
    {
        NbdError.ENOTSUP when (header.Flags & CommandFlags.FastZero) == 0 => NbdError.EINVAL,
        NbdError.EOVERFLOW when (header.Flags & CommandFlags.Df) == 0 => NbdError.EINVAL,
        _ => error,
    };

    private ValueTask Call(Request request)
    {
        var header = request.Header;
        var flags = (header.Flags & CommandFlags.Fua) != 0 ? WriteFlags.Fua : WriteFlags.None;
        return header.Command switch
        {
            Command.Read => disk.ReadAsync((long)header.Offset, request.Data, closed),
            Command.Write => disk.WriteAsync((long)header.Offset, request.Data, flags, closed),
            Command.Flush => disk.FlushAsync(closed),
            Command.Trim => disk.TrimAsync(request.Range, flags, closed),
            Command.Cache => disk.CacheAsync(request.Range, closed),
            Command.WriteZeroes => disk.ZeroAsync(request.Range, ZeroFlagsOf(header.Flags), closed),
            Command.BlockStatus => GetExtents(request),
            _ => throw new InvalidOperationException($"{header.Command} passed the guard"),
        };
    }

    private ValueTask GetExtents(Request request)
    {
        var extents = request.BeginExtents();
        if (export.Capabilities.CanExtents)
        {
            return disk.GetExtentsAsync(request.Range, extents, closed);
        }

        extents.Add(request.Range.Offset, request.Range.Length, ExtentFlags.Data);
        return ValueTask.CompletedTask;
    }

    private static ZeroFlags ZeroFlagsOf(CommandFlags flags)
        => ((flags & CommandFlags.Fua) != 0 ? ZeroFlags.Fua : 0)
            | ((flags & CommandFlags.NoHole) == 0 ? ZeroFlags.MayTrim : 0)
            | ((flags & CommandFlags.FastZero) != 0 ? ZeroFlags.Fast : 0);
}
