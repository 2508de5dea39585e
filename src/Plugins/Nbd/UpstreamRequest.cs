using SharpNbd.Abstractions;
using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>One call of the disk, so that it can be made again over another connection.</summary>
internal readonly record struct UpstreamRequest
{
    public enum Kind
    {
        Read,
        Write,
        Flush,
        Trim,
        Zero,
        Cache,
        Extents,
    }

    public required Kind Operation { get; init; }

    public ByteRange Range { get; init; }

    public Memory<byte> Destination { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public WriteFlags WriteFlags { get; init; }

    public ZeroFlags ZeroFlags { get; init; }

    public ExtentList? Extents { get; init; }

    /// <summary>It changes the disk in a way that the next flush has to make stable.</summary>
    public bool LeavesUnstable => Operation switch
    {
        Kind.Write or Kind.Trim => (WriteFlags & WriteFlags.Fua) == 0,
        Kind.Zero => (ZeroFlags & ZeroFlags.Fua) == 0,
        _ => false,
    };

    /// <summary>Makes the call.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="isLater">More calls follow, and then somebody sends.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public ValueTask Send(NbdClient client, bool isLater, CancellationToken cancellationToken)
    {
        switch (Operation)
        {
            case Kind.Read:
                return client.ReadAsync(Range.Offset, Destination, isLater, cancellationToken);
            case Kind.Write:
                return client.WriteAsync(Range.Offset, Data, WriteFlags, isLater, cancellationToken);
            case Kind.Flush:
                return client.FlushAsync(isLater, cancellationToken);
            case Kind.Trim:
                return client.TrimAsync(Range, WriteFlags, isLater, cancellationToken);
            case Kind.Zero:
                return client.ZeroAsync(Range, ZeroFlags, isLater, cancellationToken);
            case Kind.Cache:
                return client.CacheAsync(Range, isLater, cancellationToken);
            default:
                // What a first attempt may have left.
                Extents!.Reset(Extents.Range, Extents.FirstOnly);
                return client.GetExtentsAsync(Range, Extents, isLater, cancellationToken);
        }
    }
}
