using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Makes new disks as files: empty ones with a file system, or whatever a command of the user's makes.</summary>
internal sealed class DiskMaker : IDisposable
{
    private const int MostThreads = 64;

    // Besides these the command gets what the user named.
    private static readonly string[] OwnVariables = ["disk", "size", "type", "label"];

    private readonly IoThreads _threads = new("making disks", MostThreads, TimeSpan.FromSeconds(10));
    private readonly DiskRecipe _recipe;

    /// <summary>Checks the recipe.</summary>
    /// <exception cref="ParameterException">It cannot work.</exception>
    public DiskMaker(DiskRecipe recipe)
    {
        _recipe = recipe;
        if (!Libc.IsAvailable)
        {
            throw new ParameterException("disks are made on 64-bit Linux only");
        }

        if (recipe.Command is null && recipe.Others is [var other, ..])
        {
            throw new ParameterException($"unknown parameter '{other.Key}': only command= takes further parameters, as variables of the shell");
        }

        foreach (var variable in recipe.Others)
        {
            if (OwnVariables.Contains(variable.Key) || variable.Key.AsSpan().IndexOfAny('-', '.') >= 0)
            {
                throw new ParameterException($"'{variable.Key}' cannot be a variable of the command: letters, digits and _ are needed, and none of {string.Join(", ", OwnVariables)}");
            }
        }
    }

    /// <summary>Makes a disk.</summary>
    /// <param name="path">Where; nothing is there yet.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more; the program is then killed.</param>
    /// <exception cref="NbdException">It could not be made; the sentence says why.</exception>
    public async Task MakeAsync(string path, CancellationToken cancellationToken)
    {
        if (_recipe.Command is null)
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.SetLength(_recipe.Size);
        }

        IReadOnlyList<KeyValuePair<string, string>> variables =
        [
            new("disk", path),
            new("size", _recipe.Size.ToString(CultureInfo.InvariantCulture)),
            new("type", _recipe.Type),
            new("label", _recipe.Label ?? ""),
            .. _recipe.Others.Select(other => new KeyValuePair<string, string>(other.Key, other.Value)),
        ];
        var run = new ProgramRun(_recipe.Command is { } command ? ["/bin/sh", "-c", command] : MakeFileSystem(path), variables, cancellationToken);
        _threads.Queue(run);
        var result = await run.Result;
        if (!result.Exit.IsSuccess)
        {
            throw new NbdException(NbdError.EIO, $"the disk could not be made: {(_recipe.Command is null ? "mkfs" : "the command")}: {result.Complaint}");
        }

        if (!File.Exists(path))
        {
            throw new NbdException(NbdError.EIO, "the disk could not be made: the command has left nothing at $disk");
        }
    }

    public void Dispose() => _threads.Dispose();

    // The programs of each file system have options of their own for the same things: to take a file, and the label.
    private IReadOnlyList<string> MakeFileSystem(string path)
    {
        var (force, label) = _recipe.Type switch
        {
            "ext2" or "ext3" or "ext4" => ("-F", "-L"),
            "xfs" or "btrfs" => ("-f", "-L"),
            "f2fs" => ("-f", "-l"),
            "ntfs" => ("-F", "-L"),
            "fat" or "vfat" or "msdos" => ("-I", "-n"),
            _ => ("", "-L"),
        };
        return
        [
            "mkfs", "-t", _recipe.Type,
            .. force.Length > 0 ? [force] : (string[])[],
            .. _recipe.Label is { Length: > 0 } text ? [label, text] : (string[])[],
            path,
        ];
    }
}
