using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>Makes sources of plugins from words as they would be typed.</summary>
public static class PluginRunner
{
    /// <summary>Makes a source.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="words">Each <c>key=value</c>.</param>
    /// <exception cref="ParameterException">The parameters are wrong.</exception>
    public static ValueTask<DiskSource> CreateAsync(Plugin plugin, params string[] words)
        => CreateAsync(plugin, NullLogger.Instance, words);

    /// <summary>Opens a disk of a source that is made only for it, and closed with it.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="words">Each <c>key=value</c>.</param>
    public static async ValueTask<Disk> OpenAsync(Plugin plugin, params string[] words)
    {
        var source = await CreateAsync(plugin, words);
        try
        {
            await source.ReadyAsync(source.ThreadModel, CancellationToken.None);
            return new DiskWithSource(await source.OpenAsync(new OpenRequest(), CancellationToken.None), source);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a source that writes to a log of the test's.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="logger">The log.</param>
    /// <param name="words">Each <c>key=value</c>.</param>
    public static ValueTask<DiskSource> CreateAsync(Plugin plugin, ILogger logger, params string[] words)
        => plugin.CreateAsync([.. words.Select(Split)], new ComponentContext(logger, TimeProvider.System), CancellationToken.None);

    /// <summary>Reads a disk from its start to its end.</summary>
    /// <param name="disk">A small disk.</param>
    public static async ValueTask<byte[]> ReadAllAsync(Disk disk)
    {
        var content = new byte[disk.Size];
        if (content.Length > 0)
        {
            await disk.ReadAsync(0, content, CancellationToken.None);
        }

        return content;
    }

    private static ParameterValue Split(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return new ParameterValue(word[..equals], word[(equals + 1)..]);
    }
}
