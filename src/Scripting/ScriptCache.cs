using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SharpNbd.Scripting;

/// <summary>
/// Scripts that were compiled before, in <c>sharpnbd/scripts</c> of the user's cache, named by a hash of everything that goes into them: the texts, the
/// assemblies that they name, and the libraries of the server. What is found is run; so the directory has to be the user's own, closed to others.
/// </summary>
internal sealed partial class ScriptCache
{
    private const int CurrentDirectory = -100;
    private const int UserOffset = 20;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly string _file;

    private ScriptCache(string file) => _file = file;

    /// <summary>The place of a script, or null where no directory can be trusted.</summary>
    public static ScriptCache? Of(ScriptFiles files)
    {
        var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named && Path.IsPathRooted(named) ? named
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } user ? Path.Combine(user, ".cache")
            : null;
        return home is null ? null : In(home, files);
    }

    /// <summary>The place of a script in the cache of a user.</summary>
    public static ScriptCache? In(string home, ScriptFiles files)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var directory = Path.Combine(home, "sharpnbd", "scripts");
            Directory.CreateDirectory(directory, Private);
            return IsOurs(directory) ? new ScriptCache(Path.Combine(directory, KeyOf(files) + ".dll")) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The compiled script, or null where there is none.</summary>
    public byte[]? Find()
    {
        try
        {
            return File.Exists(_file) ? File.ReadAllBytes(_file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a compiled script, at once and as a whole; it can do without, if that is not possible.</summary>
    public void Store(byte[] compiled)
    {
        var temporary = $"{_file}.{Environment.ProcessId}";
        try
        {
            File.WriteAllBytes(temporary, compiled);
            File.Move(temporary, _file, overwrite: true);
            RemoveOld(Path.GetDirectoryName(_file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }

    private static void RemoveOld(string directory)
    {
        var limit = DateTime.UtcNow - Lifetime;
        foreach (var file in Directory.EnumerateFiles(directory).Where(file => File.GetLastWriteTimeUtc(file) < limit))
        {
            File.Delete(file);
        }
    }

    private static string KeyOf(ScriptFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Encoding.UTF8.GetBytes(Environment.Version.ToString()));
        Add(hash, typeof(ScriptCache).Module.ModuleVersionId.ToByteArray());
        Add(hash, typeof(Abstractions.Disk).Module.ModuleVersionId.ToByteArray());
        foreach (var file in files.Sources)
        {
            // The path is in the symbols, and in the messages of the compiler.
            Add(hash, Encoding.UTF8.GetBytes(file.Path));
            Add(hash, Encoding.UTF8.GetBytes(file.Text));
        }

        foreach (var reference in files.References.Values)
        {
            Add(hash, reference);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // With its length, so that no two lists of parts look alike.
    private static void Add(IncrementalHash hash, byte[] part)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    // A server that root starts with the home of another user would run what that user has put there.
    private static unsafe bool IsOurs(string directory)
    {
        var facts = stackalloc byte[256];
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(directory) & ~Private) == 0
            && GetFacts(CurrentDirectory, directory, 0, 0x7ff, facts) == 0
            && *(uint*)(facts + UserOffset) == GetUser();
    }

    /// <summary>statx(2), whose result looks the same on every processor.</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetFacts(int directory, string path, int flags, uint mask, byte* facts);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUser();
}
