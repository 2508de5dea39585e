using System.ComponentModel;
using System.Diagnostics;

namespace SharpNbd.Viewer;

/// <summary>Shows an address in the user's browser.</summary>
internal static class Browser
{
    /// <returns>What was wrong, or null.</returns>
    public static string? Open(string address)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("xdg-open", address) { RedirectStandardOutput = true, RedirectStandardError = true });
            return null;
        }
        catch (Win32Exception e)
        {
            return $"cannot open a browser: xdg-open: {e.Message}";
        }
    }
}
