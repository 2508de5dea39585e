using System.Diagnostics;
using SharpNbd.Abstractions;
using SharpNbd.Server;

await using var server = await NbdServer.StartAsync(new Ones());
Process.Start("nbdinfo", [server.Uri]).WaitForExit();

internal sealed class Ones : Disk
{
    public override long Size => 1 << 20;

    public override DiskCapabilities Capabilities { get; } = new();

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Fill(1);
        return ValueTask.CompletedTask;
    }
}
