using System.ComponentModel;
using System.Globalization;

namespace SharpNbd.Server;

/// <summary>
/// The way to the background, seen from the process that stays there: until <see cref="LeaveSession"/> it shares directory, terminal and
/// streams with the one that the user started, so that it can read what it needs from them and complain.
/// </summary>
internal sealed class BackgroundChild
{
    /// <summary>Tells the child which descriptor the waiting process listens to.</summary>
    public const string Variable = "SHARPNBD_READY_FD";

    private readonly int _ready;

    private BackgroundChild(int ready) => _ready = ready;

    /// <summary>Null unless this process was started to stay in the background.</summary>
    public static BackgroundChild? Find()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var ready))
        {
            return null;
        }

        // Neither the variable nor the descriptor is for programs that plugins and filters run.
        Environment.SetEnvironmentVariable(Variable, null);
        return HostCalls.ControlDescriptor(ready, HostCalls.SetDescriptorFlags, HostCalls.CloseOnExec) < 0 ? null : new BackgroundChild(ready);
    }

    /// <summary>Leaves terminal and directory. The streams stay open until all that can go wrong has been said.</summary>
    public static void LeaveSession()
    {
        if (HostCalls.StartSession() < 0)
        {
            throw new Win32Exception();
        }

        Directory.SetCurrentDirectory("/");
    }

    /// <summary>Lets the waiting process end with status 0. Once. False where it was killed meanwhile: nobody wants the server then.</summary>
    public unsafe bool SignalReady()
    {
        byte signal = 1;
        var isTold = HostCalls.Write(_ready, &signal, 1) == 1;
        _ = HostCalls.Close(_ready);
        return isTold;
    }
}
