using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens the disk of an export name, makes it first where there is none, and keeps others out while it is used.</summary>
/// <param name="options">The parameters.</param>
/// <param name="maker">What makes disks; owned.</param>
/// <param name="context">What the server offers.</param>
internal sealed class OndemandSource(OndemandOptions options, DiskMaker maker, ComponentContext context) : DiskSource
{
    private const int MostThreads = 16;

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    private readonly string _directory = options.Directory.Value;
    private readonly IoThreads _threads = new("ondemand I/O", MostThreads, TimeSpan.FromSeconds(10));

    // One disk is made at a time: of two clients with one new name the second finds what the first has made.
    private readonly SemaphoreSlim _making = new(1, 1);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // The default export can be asked for at any time; the others are there already.
            var names = Directory.EnumerateFiles(_directory).Select(path => Path.GetFileName(path))
                .Where(name => OndemandName.IsAllowed(name)).Append(OndemandName.Default).Distinct().Order(StringComparer.Ordinal);
            return new([.. names.Select(name => new ExportInfo(name))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NbdException(NbdError.EIO, "the directory of the exports cannot be read", e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var name = OndemandName.Of(request.ExportName);
        var path = Path.Combine(_directory, name);
        await MakeAsync(name, path, cancellationToken);
        var guard = options.Share ? null : await LockAsync(name, path, request.ReadOnly, cancellationToken);
        try
        {
            var file = LinuxFile.Open(Libc.CurrentDirectory, path, name, request.ReadOnly, FileAccessPattern.Normal);
            return new OndemandDisk(new FileDisk(file, FileCacheMode.Default, _threads), guard);
        }
        catch
        {
            guard?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        maker.Dispose();
        _threads.Dispose();
        _making.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask MakeAsync(string name, string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            return;
        }

        await _making.WaitAsync(cancellationToken);
        try
        {
            if (File.Exists(path))
            {
                return;
            }

            // Made elsewhere, under its own name, and moved when it is whole: nobody ever sees half of a disk.
            using var directory = new OndemandWorkplace(_directory, context.Logger);
            var made = Path.Combine(directory.Path, name);
            await maker.MakeAsync(made, cancellationToken);
            File.Move(made, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NbdException(NbdError.EIO, $"the disk {name} cannot be made", e);
        }
        finally
        {
            _making.Release();
        }
    }

    private async ValueTask<FileLock> LockAsync(string name, string path, bool isReadOnly, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (FileLock.TryTake(path, name, isShared: isReadOnly) is { } taken)
            {
                return taken;
            }

            if (!options.Wait)
            {
                throw new NbdException(NbdError.EPERM, $"{name}: the disk is locked by another client");
            }

            // Not by waiting for the lock itself, which nothing could end.
            await Task.Delay(LockPause, context.Time, cancellationToken);
        }
    }
}
