using SharpNbd.Abstractions;
using SharpNbd.Server;
using SharpNbd.TestKit;

namespace SharpNbd.Scripting.Tests;

/// <summary>A script in a directory of its own, and a server of it within the process.</summary>
internal sealed class ScriptRun : IAsyncDisposable
{
    private NbdServer? _server;

    // What tests compile is of no use to anybody else.
    static ScriptRun() => Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(Repository.Root, "artifacts", "test-cache"));

    public TemporaryDirectory Directory { get; } = new();

    public RecordingLog Log { get; } = new();

    /// <summary>A script whose disk is full of one byte.</summary>
    public static string Constant(int value)
        => $"class Constant : ScriptDisk {{ public override long Size => 512; public override void Read(long offset, Span<byte> buffer) => buffer.Fill({value}); }}";

    /// <summary>Writes a file; a newer one is always seen as changed.</summary>
    public void Write(string name, string text)
    {
        var path = Directory[name];
        var last = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : DateTime.UtcNow;
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, last.AddSeconds(1));
    }

    public async Task StartAsync(params (string Key, string Value)[] parameters)
    {
        var plugin = new CsxPlugin().WithParameters([new ParameterValue("script", Directory["disk.csx"]), .. parameters.Select(parameter => new ParameterValue(parameter.Key, parameter.Value))]);
        _server = await NbdServer.StartAsync(plugin, new NbdServerOptions { Addresses = [], LoggerFactory = Log });
    }

    /// <summary>A script that does not start: what is wrong with it.</summary>
    public async Task<IReadOnlyList<string>> FailAsync(params (string Key, string Value)[] parameters)
    {
        var errors = (await Assert.ThrowsAsync<ParameterException>(() => StartAsync(parameters))).Errors;
        return [.. errors.Select(error => error["csx: ".Length..].Replace(Directory.Path + "/", "", StringComparison.Ordinal))];
    }

    public WireClient Connect() => new WireClient(_server!.Connect()).OpenSimple();

    /// <summary>The first byte that a new client reads.</summary>
    public int ReadFirst()
    {
        using var client = Connect();
        var first = ReadFirst(client);
        client.Disconnect();
        return first;
    }

    /// <summary>The first byte that a client reads.</summary>
    public static int ReadFirst(WireClient client)
    {
        client.Request(Wire.Read, 1, 0, 1).Expect(Wire.SimpleReply(1, 0));
        return client.Receive(1)[0];
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Dispose();
    }
}
