using System.Diagnostics.CodeAnalysis;

namespace SharpNbd.Server;

/// <summary>What differs between the native programs and the same program on the .NET runtime.</summary>
internal static class RuntimeSupport
{
    private const string Switch = "SharpNbd.LoadsAssemblies";

    /// <summary>
    /// Assemblies can be loaded. The project sets the switch to false for native code, which then does not even contain the code that
    /// this guards.
    /// </summary>
    [FeatureSwitchDefinition(Switch)]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    public static bool LoadsAssemblies { get; } = !AppContext.TryGetSwitch(Switch, out var isOn) || isOn;
}
