using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>What the server says: 1000 and up its life, 1100 and up connections, 1200 and up requests.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1001, LogLevel.Debug, "listening on {Address}")]
    public static partial void Listening(this ILogger logger, ListenAddress address);

    [LoggerMessage(1002, LogLevel.Error, "accepting connections on {Address} failed: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, ListenAddress address, string reason);

    [LoggerMessage(1003, LogLevel.Information, "{Count} connections did not end in time and were cut")]
    public static partial void Cut(this ILogger logger, int count);

    [LoggerMessage(1004, LogLevel.Error, "no thread for the client at {Peer}: {Reason}")]
    public static partial void NoThread(this ILogger logger, string peer, string reason);

    [LoggerMessage(1005, LogLevel.Information, "the client at {Peer} was turned away: {Limit} connections are all that may be open (--max-connections)")]
    public static partial void TooManyConnections(this ILogger logger, string peer, int limit);

    [LoggerMessage(1101, LogLevel.Debug, "connection from {Peer}")]
    public static partial void Connected(this ILogger logger, string peer);

    [LoggerMessage(1102, LogLevel.Debug, "closed")]
    public static partial void Closed(this ILogger logger);

    [LoggerMessage(1103, LogLevel.Information, "the client at {Peer} was disconnected: {Reason}")]
    public static partial void Violated(this ILogger logger, string peer, string reason);

    [LoggerMessage(1104, LogLevel.Error, "the connection from {Peer} failed")]
    public static partial void ConnectionFaulted(this ILogger logger, string peer, Exception exception);

    [LoggerMessage(1105, LogLevel.Debug, "option {Option}, {Length} bytes")]
    public static partial void Option(this ILogger logger, OptionCode option, uint length);

    [LoggerMessage(1106, LogLevel.Debug, "option {Option} answered with {Reply}: {Reason}")]
    public static partial void OptionRefused(this ILogger logger, OptionCode option, OptionReplyCode reply, string reason);

    [LoggerMessage(1107, LogLevel.Debug, "export '{Name}' opened: {Size} bytes, transmission flags 0x{Flags:x4}")]
    public static partial void Opened(this ILogger logger, string name, long size, ushort flags);

    [LoggerMessage(1108, LogLevel.Error, "{Reason}")]
    public static partial void OpenFailed(this ILogger logger, string reason);

    [LoggerMessage(1109, LogLevel.Information, "the client at {Peer} left without NBD_CMD_DISC")]
    public static partial void PeerGone(this ILogger logger, string peer);

    [LoggerMessage(1111, LogLevel.Debug, "the client at {Peer} left in the handshake")]
    public static partial void LeftEarly(this ILogger logger, string peer);

    [LoggerMessage(1112, LogLevel.Debug, "encrypted by {Suite}")]
    public static partial void Encrypted(this ILogger logger, string suite);

    [LoggerMessage(1110, LogLevel.Error, "closing the disk failed: {Reason}")]
    public static partial void CloseFailed(this ILogger logger, string reason);

    [LoggerMessage(1113, LogLevel.Information, "the client at {Peer} was refused: {Reason}")]
    public static partial void LimitReached(this ILogger logger, string peer, string reason);

    [LoggerMessage(1201, LogLevel.Error, "{Command} of {Length} bytes at {Offset}: {Error}: {Reason}")]
    public static partial void RequestFailed(this ILogger logger, Command command, ulong offset, ulong length, NbdError error, string reason);

    [LoggerMessage(1202, LogLevel.Error, "{Command} of {Length} bytes at {Offset} failed")]
    public static partial void RequestFaulted(this ILogger logger, Command command, ulong offset, ulong length, Exception exception);

    [LoggerMessage(EventId = 1203, Message = "{Command} of {Length} bytes at {Offset} refused to the client at {Peer}: {Error}: {Reason}")]
    public static partial void RefusedRequest(
        this ILogger logger, LogLevel level, Command command, ulong offset, ulong length, string peer, NbdError error, string reason);

    [LoggerMessage(1204, LogLevel.Information, "{Command} of {Length} bytes at {Offset} was cut off; nothing of it was done")]
    public static partial void CutRequest(this ILogger logger, Command command, ulong offset, ulong length);
}
