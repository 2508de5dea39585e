using System.Diagnostics.CodeAnalysis;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// The plugins that are clients of other servers. The code for HTTP and TLS behind them makes a program of native code start slowly, whatever it
/// serves; so there is a lean program that has their names and parameters only, to describe them, and leaves serving to the whole one.
/// </summary>
internal static class NetworkClients
{
    private const string Switch = "SharpNbd.HasNetworkClients";

    /// <summary>They can be served. The server's project sets the switch to false for the lean program, which then does not contain the code that this guards.</summary>
    [FeatureSwitchDefinition(Switch)]
    public static bool AreBuiltIn { get; } = !AppContext.TryGetSwitch(Switch, out var isOn) || isOn;

    /// <summary>The plugin takes the whole program, which this is not.</summary>
    public static bool IsMissing(Plugin plugin) => !AreBuiltIn && plugin is CurlPlugin or NbdPlugin;

    /// <summary>What one of them throws where it is missing, which nobody comes to who has asked <see cref="IsMissing"/>.</summary>
    public static Exception Missing() => new NotSupportedException("this program was built without the plugins that are clients of other servers");
}
