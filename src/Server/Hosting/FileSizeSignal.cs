using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// A write beyond the limit of a file's size (<c>ulimit -f</c>) must fail with EFBIG, whoever makes it - a plugin, the log filter, the log of
/// the server -, and not end the process by SIGXFSZ. The signal is handled instead of ignored, since a program that <c>--run</c> starts would inherit
/// the latter.
/// </summary>
internal sealed class FileSizeSignal : IDisposable
{
    private const int Number = 25;

    private readonly PosixSignalRegistration? _registration
        = OperatingSystem.IsLinux() ? PosixSignalRegistration.Create((PosixSignal)Number, signal => signal.Cancel = true) : null;

    /// <inheritdoc/>
    public void Dispose() => _registration?.Dispose();
}
