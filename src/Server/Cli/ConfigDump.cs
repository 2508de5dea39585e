using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>The answer to <c>--dump-config</c>: nbdkit's keys. What comes with the program is inside it, so most directories are its own.</summary>
internal static class ConfigDump
{
    /// <summary>The lines, <c>key=value</c> each, in nbdkit's alphabetical order.</summary>
    /// <param name="programPath">The program.</param>
    /// <param name="plugins">Where plugins are looked for that are not built in.</param>
    /// <param name="filters">Where filters are looked for that are not built in.</param>
    public static IEnumerable<string> Lines(string programPath, SearchPath plugins, SearchPath filters)
    {
        var directory = Path.GetDirectoryName(programPath) ?? "/";
        var version = ProductVersion.Version;
        return
        [
            $"binary={programPath}",
            $"bindir={directory}",
            $"exit_with_parent={(OperatingSystem.IsLinux() ? "yes" : "no")}",
            $"filterdir={filters.First}",
            $"host_cpu={Processor()}",
            $"host_os={System()}",
            $"libdir={directory}",
            $"mandir={directory}",
            "max_api_version=2",
            "name=sharpnbd",
            $"plugindir={plugins.First}",
            "root_tls_certificates_dir=/etc/pki/nbdkit",
            "run_default_socket=Unix",
            $"sbindir={directory}",
            "selinux=yes",
            "sysconfdir=/etc",
            "timeout_option=yes",
            "tls=yes",
            $"version={ProductVersion.Text}",
            $"version_major={version.Major}",
            $"version_minor={version.Minor}",
            $"vsock_option={(OperatingSystem.IsLinux() ? "yes" : "no")}",
            "zstd=no",
        ];
    }

    private static string Processor() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.X86 => "i686",
        Architecture.Arm64 => "aarch64",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static string System()
        => OperatingSystem.IsLinux() ? "linux-gnu" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "unknown";
}
