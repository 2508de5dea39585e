using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>The answer to <c>--dump-config</c>: nbdkit's keys. Plugins and filters are inside the program, so all directories are its own.</summary>
internal static class ConfigDump
{
    /// <summary>The lines, <c>key=value</c> each, in nbdkit's alphabetical order.</summary>
    /// <param name="programPath">The program.</param>
    public static IEnumerable<string> Lines(string programPath)
    {
        var directory = Path.GetDirectoryName(programPath) ?? "/";
        var version = ProductVersion.Version;
        return
        [
            $"binary={programPath}",
            $"bindir={directory}",
            $"exit_with_parent={(OperatingSystem.IsLinux() ? "yes" : "no")}",
            $"filterdir={directory}",
            $"host_cpu={Processor()}",
            $"host_os={System()}",
            $"libdir={directory}",
            $"mandir={directory}",
            "max_api_version=2",
            "name=sharpnbd",
            $"plugindir={directory}",
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
