using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The program under test over an empty disk of one of the kinds that must behave the same to a client.</summary>
internal sealed class DiskServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;

    private DiskServer(ServerProgram program, TemporaryDirectory directory)
    {
        Program = program;
        _directory = directory;
    }

    public ServerProgram Program { get; }

    /// <summary>The file behind a disk of the kind file.</summary>
    public string DiskPath => _directory["disk"];

    public string Uri => Program.Uri;

    public static async Task<DiskServer> StartAsync(string kind, long size, params string[] more)
    {
        var directory = new TemporaryDirectory();
        string[] plugin = kind == "file" ? ["file", Sparse(directory["disk"], size)] : [kind, $"size={size}"];
        return new DiskServer(await SharpNbdProgram.StartAsync([.. more, .. plugin]), directory);
    }

    /// <summary>Creates a file that is one hole.</summary>
    public static string Sparse(string path, long size)
    {
        using var file = File.Create(path);
        file.SetLength(size);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        _directory.Dispose();
    }
}
