using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Serves directories as the image of a CD, without a copy of their files.</summary>
public sealed class IsoPlugin : Plugin<IsoOptions>
{
    // The last year that a date of 7 bytes can tell.
    private const long LatestSecond = 5_869_584_000;

    /// <inheritdoc/>
    public override string Name => "iso";

    /// <inheritdoc/>
    public override string Summary => "ISO 9660 image (CD-ROM) of a directory";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.Extents | DiskOperations.MultiConn;

    /// <inheritdoc/>
    protected override async ValueTask<DiskSource> CreateAsync(IsoOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        if (options.Program is { } program)
        {
            return await ProgramImage.MakeAsync(program, options, cancellationToken);
        }

        var settings = IsoParameters.Parse(options.Options);
        settings.Sources.AddRange(options.Directories.Select(directory => new IsoPathSpec("", directory.Value)));
        if (settings.Sources.Count == 0)
        {
            throw new ParameterException("dir=DIRECTORY is needed: the directory whose files become the image");
        }

        settings.LatestTime = SourceDate();
        var files = new SourceFiles();
        var root = new IsoScanner(settings, files, context.Logger).Scan();
        var layout = new IsoImage(settings, files, root, context.Logger).Build();
        files.Trim();
        GiveBackMemory(files.Count);
        return new LayoutSource(layout, files, context.Logger);
    }

    /// <summary>
    /// The tree is several times as large as what is kept of it. A server that then only reads would never collect it.
    /// </summary>
    private static void GiveBackMemory(int fileCount)
    {
        const int Many = 10_000;
        if (fileCount >= Many)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    /// <summary>The date that the environment asks for, so that a build of the same tree gives the same bytes (reproducible-builds.org).</summary>
    private static DateTime? SourceDate()
    {
        if (Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH") is not { Length: > 0 } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < LatestSecond
            ? DateTime.UnixEpoch.AddSeconds(seconds)
            : throw new ParameterException($"SOURCE_DATE_EPOCH={text}: a number of seconds since 1970 is needed, before the year 2156");
    }
}
