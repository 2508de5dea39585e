using System.Net;
using System.Runtime.CompilerServices;
using System.Net.Sockets;
using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>
/// An export of a server, opened over one connection. Requests may be made from any number of threads at once and complete in any order;
/// the memory that one was given belongs to it until it has completed. A request that the server refuses throws
/// <see cref="NbdException"/> and the connection goes on; when the connection ends, everything throws
/// <see cref="NbdConnectionException"/>. A range that does not lie inside the export throws before anything is sent.
/// </summary>
public sealed class NbdClient : IAsyncDisposable
{
    /// <summary>The longest payload of a server that has told of no limit ("Block size constraints").</summary>
    private const int UntoldPayload = 32 << 20;

    /// <summary>The longest range of a compact request, in whole blocks of any size.</summary>
    private const long LongestCompactRange = uint.MaxValue - (uint)BlockSize.LargestMinimum + 1;

    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromMilliseconds(500);

    private readonly ClientConnection _connection;
    private readonly Task _end;
    private readonly int _longestPayload;
    private readonly long _longestRange;

    internal NbdClient(ClientConnection connection, NbdExport export, HeaderForm form, Task end)
    {
        (_connection, Export, _end) = (connection, export, end);
        _longestPayload = export.BlockSize is { } size
            ? (int)Math.Min(int.MaxValue / size.Minimum * size.Minimum, size.Maximum / size.Minimum * size.Minimum)
            : UntoldPayload;
        _longestRange = form == HeaderForm.Extended ? long.MaxValue : LongestCompactRange;
    }

    /// <summary>What was opened.</summary>
    public NbdExport Export { get; }

    /// <summary>The size in bytes.</summary>
    public long Size => Export.Size;

    /// <summary>Whether there is a connection, as far as is known.</summary>
    public bool IsConnected => _connection.Death is null;

    /// <summary>Connects to a server and opens an export.</summary>
    /// <param name="uri">Where it is, see <see cref="NbdUri"/>.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="FormatException">The URI is none.</exception>
    /// <exception cref="NbdConnectionException">The server cannot be reached or refuses.</exception>
    public static Task<NbdClient> ConnectAsync(string uri, CancellationToken cancellationToken = default)
    {
        var parsed = NbdUri.Parse(uri);
        return ConnectAsync(parsed.Address, new NbdClientOptions { ExportName = parsed.ExportName, Tls = parsed.Tls }, cancellationToken);
    }

    /// <summary>Connects to a server and opens an export.</summary>
    /// <param name="address">An <see cref="IPEndPoint"/>, <see cref="DnsEndPoint"/>, <see cref="UnixDomainSocketEndPoint"/> or <see cref="VsockEndPoint"/>.</param>
    /// <param name="options">What to open, and how.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="NbdConnectionException">The server cannot be reached or refuses.</exception>
    public static Task<NbdClient> ConnectAsync(EndPoint address, NbdClientOptions options, CancellationToken cancellationToken = default)
        => Opening.Begin(connector => connector.Connect(address), options, HostOf(address), cancellationToken);

    /// <summary>Opens an export over a connection that is there already.</summary>
    /// <param name="socket">A connected socket for streams, closed with the client.</param>
    /// <param name="options">What to open, and how.</param>
    /// <param name="cancellationToken">Gives up the handshake.</param>
    /// <exception cref="NbdConnectionException">The server refuses.</exception>
    public static Task<NbdClient> ConnectAsync(SafeSocketHandle socket, NbdClientOptions options, CancellationToken cancellationToken = default)
        => Opening.Begin(connector => connector.Keep(Connector.WireOf(socket)), options, null, cancellationToken);

    /// <summary>Opens an export over a connection that is there already.</summary>
    /// <param name="stream">A stream for both directions, closed with the client.</param>
    /// <param name="options">What to open, and how.</param>
    /// <param name="cancellationToken">Gives up the handshake.</param>
    /// <exception cref="NbdConnectionException">The server refuses.</exception>
    public static Task<NbdClient> ConnectAsync(Stream stream, NbdClientOptions options, CancellationToken cancellationToken = default)
        => Opening.Begin(connector => connector.Keep(new StreamWire(stream)), options, null, cancellationToken);

    /// <summary>Asks a server which exports it has.</summary>
    /// <param name="address">Where it is, see <see cref="ConnectAsync(EndPoint, NbdClientOptions, CancellationToken)"/>.</param>
    /// <param name="options">How to connect; the export is not looked at.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    /// <exception cref="NbdConnectionException">The server cannot be reached or does not tell.</exception>
    public static Task<IReadOnlyList<ExportInfo>> ListAsync(EndPoint address, NbdClientOptions options, CancellationToken cancellationToken = default)
        => Opening.Ask(address, options, HostOf(address), handshake => handshake.List(), cancellationToken);

    /// <summary>Asks a server what an export is like, without opening it.</summary>
    /// <param name="address">Where it is, see <see cref="ConnectAsync(EndPoint, NbdClientOptions, CancellationToken)"/>.</param>
    /// <param name="options">How to connect, and which export.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    /// <returns>The export, or null where the server cannot tell without opening it.</returns>
    /// <exception cref="NbdConnectionException">The server cannot be reached or refuses.</exception>
    public static Task<NbdExport?> DescribeAsync(EndPoint address, NbdClientOptions options, CancellationToken cancellationToken = default)
        => Opening.Ask(address, options, HostOf(address), handshake => handshake.Describe(), cancellationToken);

    /// <summary>Reads; fills all of the memory.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="isLater">Nothing is sent before <see cref="Send"/> is called, or another request sends: several requests leave together.</param>
    /// <param name="cancellationToken">Stops waiting; the memory is the caller's again.</param>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, bool isLater = false, CancellationToken cancellationToken = default)
    {
        Check(offset, buffer.Length);
        return buffer.Length == 0 ? ValueTask.CompletedTask
            : buffer.Length <= _longestPayload ? Submit(Command.Read, 0, offset, buffer.Length, isLater, cancellationToken, buffer)
            : ReadInPiecesAsync(offset, buffer, cancellationToken);
    }

    /// <summary>Writes all of the data.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="flags">FUA, where <see cref="NbdExport.CanFua"/>.</param>
    /// <param name="isLater">As for <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting; whether the server writes is not known then.</param>
    public ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> data, WriteFlags flags = WriteFlags.None, bool isLater = false, CancellationToken cancellationToken = default)
    {
        Check(offset, data.Length);
        return data.Length == 0 ? ValueTask.CompletedTask
            : data.Length <= _longestPayload ? SubmitWrite(offset, data, flags, isLater, cancellationToken)
            : WriteInPiecesAsync(offset, data, flags, cancellationToken);
    }

    /// <summary>Makes every write that has completed stable.</summary>
    /// <param name="isLater">As for <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask FlushAsync(bool isLater = false, CancellationToken cancellationToken = default)
        => Submit(Command.Flush, 0, 0, 0, isLater, cancellationToken);

    /// <summary>Tells that a range is no longer needed.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="flags">FUA, where <see cref="NbdExport.CanFua"/>.</param>
    /// <param name="isLater">As for <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask TrimAsync(ByteRange range, WriteFlags flags = WriteFlags.None, bool isLater = false, CancellationToken cancellationToken = default)
        => SubmitRange(Command.Trim, (flags & WriteFlags.Fua) != 0 ? CommandFlags.Fua : 0, range, isLater, cancellationToken);

    /// <summary>Makes a range read as zeroes.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="flags">How; what <see cref="NbdExport"/> does not offer must not be asked for.</param>
    /// <param name="isLater">As for <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask ZeroAsync(ByteRange range, ZeroFlags flags = ZeroFlags.MayTrim, bool isLater = false, CancellationToken cancellationToken = default)
        => SubmitRange(
            Command.WriteZeroes,
            ((flags & ZeroFlags.Fua) != 0 ? CommandFlags.Fua : 0)
                | ((flags & ZeroFlags.MayTrim) == 0 ? CommandFlags.NoHole : 0)
                | ((flags & ZeroFlags.Fast) != 0 ? CommandFlags.FastZero : 0),
            range, isLater, cancellationToken);

    /// <summary>Tells that a range will be read soon.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="isLater">As for <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask CacheAsync(ByteRange range, bool isLater = false, CancellationToken cancellationToken = default)
        => SubmitRange(Command.Cache, 0, range, isLater, cancellationToken);

    /// <summary>Asks where data and holes are. A server may tell of the beginning of the range only.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="extents">Where the extents go.</param>
    /// <param name="isLater">As for <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting; the list is the caller's again.</param>
    public ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, bool isLater = false, CancellationToken cancellationToken = default)
    {
        Check(range.Offset, range.Length);
        return Submit(
            Command.BlockStatus, extents.FirstOnly ? CommandFlags.OneExtent : 0, range.Offset, Math.Min(range.Length, _longestRange), isLater,
            cancellationToken, extents: extents);
    }

    /// <summary>Sends the requests that were made for later.</summary>
    /// <param name="wait">Whether it may wait for the server to take them; otherwise another thread does.</param>
    public void Send(bool wait = false) => _connection.Flush(wait);

    /// <summary>Ends the connection at once, without a goodbye. From any thread.</summary>
    /// <param name="reason">What is in flight, and all that comes, fails with it; null for an <see cref="NbdConnectionException"/>.</param>
    public void Abort(Exception? reason = null) => _connection.Die(reason ?? new NbdConnectionException("the connection was cut"));

    /// <summary>Says goodbye and closes the connection; what is in flight fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_connection.SayGoodbye())
        {
            // A server that takes the goodbye closes the connection; one that does not is not waited for.
            await _end.WaitAsync(GoodbyePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _connection.Close();
        await _end.ConfigureAwait(false);
    }

    private static string? HostOf(EndPoint address) => address switch
    {
        DnsEndPoint name => name.Host,
        IPEndPoint ip => $"{ip.Address}",
        _ => null,
    };

    private void Check(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Size - length)
        {
            throw new NbdException(NbdError.EINVAL, $"{length} bytes at {offset} do not lie inside the export, which has {Size}");
        }
    }

    private ValueTask Submit(
        Command command, CommandFlags flags, long offset, long length, bool isLater, CancellationToken cancellationToken,
        Memory<byte> destination = default, ExtentList? extents = null)
        => _connection.Submit(command, flags, offset, length, destination, default, extents, isLater, cancellationToken);

    private ValueTask SubmitWrite(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, bool isLater, CancellationToken cancellationToken)
        => _connection.Submit(
            Command.Write, (flags & WriteFlags.Fua) != 0 ? CommandFlags.Fua : 0, offset, data.Length, default, data, null, isLater, cancellationToken);

    private ValueTask SubmitRange(Command command, CommandFlags flags, ByteRange range, bool isLater, CancellationToken cancellationToken)
    {
        Check(range.Offset, range.Length);
        return range.Length == 0 ? ValueTask.CompletedTask
            : range.Length <= _longestRange ? Submit(command, flags, range.Offset, range.Length, isLater, cancellationToken)
            : SubmitInPiecesAsync(command, flags, range, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadInPiecesAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var done = 0; done < buffer.Length; done += _longestPayload)
        {
            var piece = buffer.Slice(done, Math.Min(_longestPayload, buffer.Length - done));
            await Submit(Command.Read, 0, offset + done, piece.Length, isLater: false, cancellationToken, piece).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteInPiecesAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        for (var done = 0; done < data.Length; done += _longestPayload)
        {
            var piece = data.Slice(done, Math.Min(_longestPayload, data.Length - done));
            await SubmitWrite(offset + done, piece, flags, isLater: false, cancellationToken).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SubmitInPiecesAsync(Command command, CommandFlags flags, ByteRange range, CancellationToken cancellationToken)
    {
        for (var offset = range.Offset; offset < range.End; offset += _longestRange)
        {
            await Submit(command, flags, offset, Math.Min(_longestRange, range.End - offset), isLater: false, cancellationToken).ConfigureAwait(false);
        }
    }
}
