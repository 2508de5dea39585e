using System.Globalization;

namespace SharpNbd.Viewer;

/// <summary>Draws logs to a file and tells in words what is on it.</summary>
internal static class SnapshotCommand
{
    /// <summary>Reads the logs to their end, or to the moment that is asked for, and writes the file.</summary>
    /// <exception cref="UsageException">There is nothing to draw.</exception>
    /// <exception cref="IOException">A log cannot be read or the file cannot be written.</exception>
    public static void Run(IReadOnlyList<Disk> disks, ViewerOptions options, TextWriter output)
    {
        Parallel.ForEach(disks, disk => Read(disk.Log));
        var playback = new Playback([.. disks.Select(disk => disk.Log)], TimeProvider.System);
        if (options.At is { } at)
        {
            playback.Seek(playback.Start + (long)at.TotalMicroseconds);
        }

        var pictures = playback.Cursors.Select(cursor => cursor.Player.Picture).ToArray();
        for (var index = 0; index < disks.Count; index++)
        {
            if (pictures[index].Layout is null)
            {
                throw new UsageException($"{disks[index].Log.Path} does not tell the disk's size: no client has connected; give the size behind the name");
            }
        }

        var now = options.At is null ? playback.End + Palette.FadeMicroseconds : playback.Time;
        Write(options.Snapshot!, SnapshotDrawing.Draw(pictures, now));
        for (var index = 0; index < disks.Count; index++)
        {
            output.WriteLine(Describe(disks[index].Name, pictures[index]));
        }
    }

    private static void Read(DiskLog log)
    {
        while (log.Poll())
        {
        }

        if (log.State == LogState.Missing)
        {
            throw new FileNotFoundException($"{log.Path}: there is no such file");
        }

        if (log.State == LogState.Unreadable)
        {
            throw new IOException(log.Problem);
        }
    }

    // A file that was there before is replaced whole or stays.
    private static void Write(string path, PixelImage image)
    {
        var temporary = $"{path}.{Environment.ProcessId}.new";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                PngWriter.Write(stream, image);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string Several(long count, string name) => count == 1 ? $"1 {name}" : $"{count} {name}s";

    private static string Describe(string name, DiskPicture picture)
    {
        var layout = picture.Layout!;
        var operations = Enum.GetValues<Operation>()
            .Where(operation => picture[operation].Requests > 0)
            .Select(operation => $"{picture[operation].Requests} {operation.ToString().ToLowerInvariant()}");
        var total = picture.Total;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {SizeText.Format(layout.Size)}, a block is {SizeText.Format(layout.BlockSize)}; {Several(total.Requests, "request")} "
            + $"({string.Join(", ", operations.DefaultIfEmpty("none"))}), {SizeText.Format(total.Bytes)}, {Several(total.Errors, "error")}");
    }
}
