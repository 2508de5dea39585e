using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A private directory, and images that the plugin makes of what is in it.</summary>
public abstract class IsoTest : IDisposable
{
    private protected TemporaryDirectory Directory { get; } = new();

    private protected RecordingLogger Logger { get; } = new();

    private protected string Tree => Directory["tree"];

    protected IsoTest() => System.IO.Directory.CreateDirectory(Tree);

    /// <summary>Creates a file in the tree, and the directories that lead to it.</summary>
    private protected string Write(string name, string content)
    {
        var path = Path.Combine(Tree, name);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Makes the image and writes it to a file, whose path is returned.</summary>
    private protected async Task<string> MakeAsync(string options, params string[] more)
    {
        await using var source = await PluginRunner.CreateAsync(new IsoPlugin(), Logger, [$"dir={Tree}", $"params={options}", .. more]);
        await using var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        return Directory.Write($"image{Guid.NewGuid():N}.iso", await PluginRunner.ReadAllAsync(disk));
    }

    private protected async Task<IReadOnlyList<string>> RefusalAsync(string options, params string[] more)
        => (await Assert.ThrowsAsync<ParameterException>(() => MakeAsync(options, more))).Errors;

    /// <summary>The paths of an image as isoinfo sees them.</summary>
    private protected static async Task<string[]> PathsAsync(string image, params string[] options)
        => (await Tool.Require("isoinfo").OutputAsync(["-f", .. options, "-i", image])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What isoinfo reads of a file.</summary>
    private protected static Task<string> ContentAsync(string image, string path, params string[] options)
        => Tool.Require("isoinfo").OutputAsync([.. options, "-i", image, "-x", path]);

    public void Dispose()
    {
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
