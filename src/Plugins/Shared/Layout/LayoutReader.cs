using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Reads a layout whose files are <see cref="SourceFiles"/>; one for all connections. A file that has changed, shrunk or vanished
/// since it was scanned gives EIO for its range and one line in the log: what is returned as data is what was there at the start.
/// </summary>
/// <param name="layout">What lies where.</param>
/// <param name="files">The files that it names.</param>
/// <param name="logger">Where changed files are reported.</param>
internal sealed class LayoutReader(VirtualLayout layout, SourceFiles files, ILogger logger) : IDisposable
{
    /// <summary>Enough for many readers at different places, and far below the usual limit of 1024 descriptors.</summary>
    private const int OpenAtOnce = 128;

    private readonly OpenedFiles _opened = new(files, OpenAtOnce);
    private readonly int[] _reported = new int[(files.Count + 31) / 32];

    public VirtualLayout Layout => layout;

    /// <summary>Reads the start of a range as far as that is possible without waiting.</summary>
    /// <returns>The number of bytes that were read; the rest is for <see cref="Read"/>.</returns>
    /// <exception cref="NbdException">A file has changed.</exception>
    public int TryRead(long offset, Span<byte> buffer)
    {
        var done = 0;
        for (var index = layout.IndexOf(offset); done < buffer.Length; index++)
        {
            var region = layout[index];
            var piece = PieceOf(region, offset + done, buffer[done..]);
            var count = region.Kind == RegionKind.File ? TryReadFile(region, offset + done - region.Offset, piece) : Fill(region, offset + done - region.Offset, piece);
            done += count;
            if (count < piece.Length)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Reads a range, and waits for devices where that is needed.</summary>
    /// <exception cref="NbdException">A file has changed, or cannot be read.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        for (var index = layout.IndexOf(offset); !buffer.IsEmpty; index++)
        {
            var region = layout[index];
            var piece = PieceOf(region, offset, buffer);
            if (region.Kind == RegionKind.File)
            {
                ReadFile(region, offset - region.Offset, piece);
            }
            else
            {
                Fill(region, offset - region.Offset, piece);
            }

            buffer = buffer[piece.Length..];
            offset += piece.Length;
        }
    }

    public void Dispose() => _opened.Dispose();

    private static Span<byte> PieceOf(Region region, long offset, Span<byte> buffer)
        => buffer[..(int)Math.Min(buffer.Length, region.End - offset)];

    private int Fill(Region region, long within, Span<byte> piece)
    {
        layout.Fill(region, within, piece);
        return piece.Length;
    }

    private int TryReadFile(Region region, long within, Span<byte> piece)
    {
        if (_opened.TryUse(region.Source) is not { } file)
        {
            return 0;
        }

        try
        {
            var count = file.TryRead(region.SourceOffset + within, piece);
            if (count > 0)
            {
                Check(file);
            }

            return count;
        }
        finally
        {
            file.Leave();
        }
    }

    private void ReadFile(Region region, long within, Span<byte> piece)
    {
        var file = Open(region.Source);
        try
        {
            // First, so that nothing is tried on what has taken the file's place.
            Check(file);
            var count = file.Read(region.SourceOffset + within, piece);
            Check(file);
            if (count < piece.Length)
            {
                throw Changed(region.Source, "it is shorter");
            }
        }
        catch (IOException e)
        {
            throw new NbdException(NbdError.EIO, $"cannot read {files.DisplayNameOf(region.Source)}: {e.Message}", e);
        }
        finally
        {
            file.Leave();
        }
    }

    private OpenedFile Open(int file)
    {
        try
        {
            return _opened.Use(file);
        }
        catch (IOException e) when (e.HResult is Errno.EMFILE or Errno.ENFILE)
        {
            // Says nothing about the file.
            throw new NbdException(NbdError.EIO, $"cannot open {files.DisplayNameOf(file)}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw Changed(file, $"it cannot be opened ({e.Message})");
        }
    }

    /// <summary>
    /// Called behind each read of a file: what still is as it was scanned has not been written to before the read had ended, so
    /// what was read is what was there at the start.
    /// </summary>
    private void Check(OpenedFile file)
    {
        if (file.ChangeSince(files.IdentityOf(file.File)) is { } change)
        {
            throw Changed(file.File, change);
        }
    }

    private NbdException Changed(int file, string change)
    {
        var name = files.DisplayNameOf(file);
        var bit = 1 << (file & 31);
        if ((Interlocked.Or(ref _reported[file >> 5], bit) & bit) == 0)
        {
            logger.FileChanged(name, change);
        }

        return new NbdException(NbdError.EIO, $"{name} has changed since the server started: {change}") { IsLogged = true };
    }
}
