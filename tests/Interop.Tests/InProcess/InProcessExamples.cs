using System.Text;
using SharpNbd.Abstractions;
using SharpNbd.Filters;
using SharpNbd.Plugins;
using SharpNbd.Server;

namespace SharpNbd.Interop.Tests;

/// <summary>What docs/in-process.md shows.</summary>
internal static class InProcessExamples
{
    public static async Task<NbdServer> ServeFilteredAsync()
    {
        var server = await NbdServer.StartAsync(
            new MemoryPlugin().With(new() { Size = 64 << 20 }),
            new NbdServerOptions
            {
                Addresses = [new TcpListenAddress("localhost", 0)],
                Filters =
                [
                    new DelayFilter().With(new() { Read = TimeSpan.FromMilliseconds(40) }),
                    new ErrorFilter().With(new() { ReadErrorName = "EIO", ReadRate = new Probability(1) }),
                ],
            });
        return server;
    }

    public static async Task<NbdServer> ServeExportsAsync()
    {
        var exports = new NamedExports
        {
            { "root", new Ones() },
            { "data", await new MemoryPlugin().With(new() { Size = 64 << 20 }).CreateAsync(), "where everything lies" },
        };
        var server = await NbdServer.StartAsync(exports);
        return server;
    }

    public static async Task<NbdServer> ServeEncryptedAsync(string file)
    {
        var server = await NbdServer.StartAsync(new Ones(), new NbdServerOptions
        {
            Addresses = [new TcpListenAddress("localhost", 0)],
            Tls = NbdServerTls.FromPskFile(file),
        });
        return server;
    }

    public static async Task<string> GreetAsync()
    {
        await using var server = await NbdServer.StartAsync(new Ones(), new NbdServerOptions { Addresses = [] });
        await using var client = server.Connect();

        var magic = new byte[8];
        await client.ReadExactlyAsync(magic);
        return Encoding.ASCII.GetString(magic);
    }

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
}
