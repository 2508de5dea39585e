using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.TestKit;

/// <summary>
/// A named pipe in place of a file that another program writes: reading it waits for the writer, so a test needs no polling.
/// </summary>
public sealed partial class Fifo : IDisposable
{
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;

    private readonly FileStream _stream;

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Creates the pipe.</summary>
    public Fifo(string path)
    {
        Path = path;
        if (MakeFifo(path, Convert.ToUInt32("600", 8)) != 0)
        {
            throw new IOException($"mkfifo {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        // Open for both directions it neither waits for a writer nor ends when one closes it. Opened by libc because FileStream
        // would lock the file, which a writer may want to do itself.
        var descriptor = Open(path, ReadWrite | CloseOnExec);
        _stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>Waits for the next line, without its end.</summary>
    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var character = new byte[1];
        while (await _stream.ReadAsync(character) == 1 && character[0] != '\n')
        {
            line.Append((char)character[0]);
        }

        return line.ToString();
    }

    /// <summary>Gives whoever reads an empty line: there will be none from the writer.</summary>
    public void Abandon() => _stream.WriteByte((byte)'\n');

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
