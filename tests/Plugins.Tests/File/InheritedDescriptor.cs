using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Plugins.Tests;

/// <summary>Descriptors as whoever starts the server would leave them.</summary>
internal static class InheritedDescriptor
{
    /// <summary>Opens a directory, for reading as it is usual.</summary>
    public static SafeFileHandle Open(string directory)
        => new(Libc.OpenAt(Libc.CurrentDirectory, directory, Libc.OpenReadOnly), ownsHandle: true);

    public static string Number(SafeFileHandle handle) => handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
}
