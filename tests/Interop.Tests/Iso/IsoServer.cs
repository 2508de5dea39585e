using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A tree with all that is awkward in an image, and images of it that the program serves.</summary>
internal sealed class IsoServer : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public IsoServer() => Directory.CreateDirectory(Tree);

    public string Tree => _directory["tree"];

    public string this[string name] => _directory[name];

    /// <summary>Names in several scripts and of every length, a deep path, links, an empty file, many files.</summary>
    public async Task FillAsync() => await Tool.Require("sh").OutputAsync("-e", "-c", $$"""
        cd '{{Tree}}'
        mkdir -p a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s many 'Ordner mit Ümläuten' empty
        echo deep >a/b/c/d/e/f/g/h/i/j/deep
        echo deeper >a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/deeper
        echo tree >'Ordner mit Ümläuten/日本語のファイル.txt'
        echo smile >😀
        : >nothing
        head -c 300000 /dev/urandom >random
        ln random again
        ln -s a/b/../b/./c link
        ln -s /etc/fstab absolute
        long=$(printf 'n%.0s' $(seq 200))
        ln -s $long/$long/$long/$long long-link
        echo long >$long$(printf 'm%.0s' $(seq 55))
        for number in $(seq 300); do echo $number >many/a-long-name-that-iso-9660-has-to-cut-$number; done
        chmod 640 random
        chmod 755 nothing
        touch -d '2001-02-03 04:05:06 UTC' random
        """);

    /// <summary>Serves the tree until the server is disposed.</summary>
    public Task<ServerProgram> StartAsync(string options, params string[] more) => SharpNbdProgram.StartAsync(["iso", Tree, $"params={options}", .. more]);

    /// <summary>Serves the tree and copies the image.</summary>
    public async Task<string> CopyAsync(string options, params string[] more)
    {
        await using var server = await StartAsync(options, more);
        var image = _directory[$"{Guid.NewGuid():N}.iso"];
        await Tool.Require("nbdcopy").OutputAsync(server.Uri, image);
        await server.StopAsync();
        return image;
    }

    public void Dispose() => _directory.Dispose();
}
