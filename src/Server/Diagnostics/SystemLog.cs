using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace SharpNbd.Server;

/// <summary>The log of the system, through syslog(3).</summary>
internal static unsafe class SystemLog
{
    private const int ShowProcessId = 1;
    private const int Daemons = 3 << 3;
    private const int Error = 3;
    private const int Warning = 4;
    private const int Information = 6;

    /// <summary>Gives the program its name there; what is written goes on to it.</summary>
    /// <param name="name">What stands behind the program's name, or null.</param>
    public static Action<LogLevel, string> Open(string? name)
    {
        // The C library keeps the pointer.
        var program = name is null ? "sharpnbd" : $"sharpnbd: {name}";
        HostCalls.OpenLog((byte*)Marshal.StringToCoTaskMemUTF8(program), ShowProcessId, Daemons);
        return Write;
    }

    private static void Write(LogLevel level, string text)
        => HostCalls.Log(
            level >= LogLevel.Error ? Error : level == LogLevel.Warning ? Warning : Information, text.Replace("%", "%%", StringComparison.Ordinal));
}
