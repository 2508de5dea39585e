using System.Runtime.InteropServices;
using System.Text;

namespace SharpNbd.Server;

/// <summary>
/// Standard output or standard error. The framework's streams keep a copy of the descriptor, which would hold a pipe open that a
/// server in the background has to let go.
/// </summary>
internal sealed class StandardStream
{
    private const short Writable = 4;

    private readonly int _descriptor;

    private StandardStream(int descriptor) => _descriptor = descriptor;

    /// <summary>Standard output.</summary>
    public static StandardStream Output { get; } = new(1);

    /// <summary>Standard error.</summary>
    public static StandardStream Error { get; } = new(2);

    /// <summary>Writes a text, by one call to the system where it takes all of it. Does nothing where nobody reads any more.</summary>
    public void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (OperatingSystem.IsWindows())
        {
            using var stream = _descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();
            stream.Write(bytes);
            return;
        }

        for (var written = 0; written < bytes.Length;)
        {
            written += WriteSome(bytes.AsSpan(written)) is > 0 and var count ? count : bytes.Length;
        }
    }

    /// <summary>Writes a part; the result is its length, or 0 where nothing can be written any more.</summary>
    private unsafe int WriteSome(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                if (HostCalls.Write(_descriptor, start, bytes.Length) is > 0 and var count)
                {
                    return (int)count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case HostCalls.Interrupted:
                        break;
                    case HostCalls.TryAgain:
                        // Whoever gave us the stream made it non-blocking.
                        var poll = new PollDescriptor { Descriptor = _descriptor, Events = Writable };
                        _ = HostCalls.Poll(&poll, 1, -1);
                        break;
                    default:
                        return 0;
                }
            }
        }
    }
}
