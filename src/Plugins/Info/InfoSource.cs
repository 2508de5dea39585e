using System.Net;
using System.Text;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens for each connection a disk that tells about it.</summary>
internal sealed class InfoSource(InfoMode mode, TimeProvider time) : DiskSource
{
    private readonly long _started = time.GetTimestamp();

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(mode switch
    {
        InfoMode.ExportName => new InfoDisk(Encoding.UTF8.GetBytes(request.ExportName), isShared: true),
        InfoMode.Base64ExportName => new InfoDisk(FromBase64(request.ExportName), isShared: true),
        InfoMode.Address => new InfoDisk(Encoding.UTF8.GetBytes(AddressOf(request.Peer)), isShared: false),
        InfoMode.Version => new InfoDisk(Encoding.UTF8.GetBytes(typeof(InfoSource).Assembly.GetName().Version!.ToString(3)), isShared: true),
        InfoMode.Time => new ClockDisk(() => time.GetUtcNow() - DateTimeOffset.UnixEpoch),
        InfoMode.Uptime => Since(_started),
        _ => Since(time.GetTimestamp()),
    });

    private ClockDisk Since(long timestamp) => new(() => time.GetElapsedTime(timestamp));

    // Of a Unix socket nbdkit tells no more, so that no path of the server's gets out.
    private static string AddressOf(EndPoint? peer) => peer is IPEndPoint address ? address.ToString() : "unix";

    private static byte[] FromBase64(string name)
    {
        try
        {
            return Convert.FromBase64String(name);
        }
        catch (FormatException e)
        {
            throw new NbdException(NbdError.EINVAL, "the export name is not base64, which is groups of four of A-Z a-z 0-9 + / with = at the end", e);
        }
    }
}
