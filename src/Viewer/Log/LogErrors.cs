using System.Text;

namespace SharpNbd.Viewer;

/// <summary>The names of errors in the log.</summary>
internal static class LogErrors
{
    private static readonly byte[][] Names = [.. Enum.GetNames<LogError>().Select(Encoding.UTF8.GetBytes)];

    public static LogError Parse(ReadOnlySpan<byte> name)
    {
        for (var error = LogError.EPERM; error < LogError.Other; error++)
        {
            if (name.SequenceEqual(Names[(int)error]))
            {
                return error;
            }
        }

        return LogError.Other;
    }
}
