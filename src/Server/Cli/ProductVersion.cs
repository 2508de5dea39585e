using System.Reflection;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>The version of the server and of the plugins and filters that come with it.</summary>
internal static class ProductVersion
{
    /// <summary>Major, minor and patch.</summary>
    public static string Text => Version.ToString(3);

    /// <summary>The version of a component, which is that of its assembly, as its author wrote it.</summary>
    public static string Of(Component component)
    {
        var assembly = component.GetType().Assembly;
        var written = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        return string.IsNullOrEmpty(written) ? assembly.GetName().Version?.ToString(3) ?? Text : written;
    }

    /// <summary>The numbers by themselves.</summary>
    public static Version Version => typeof(ProductVersion).Assembly.GetName().Version ?? new Version(0, 0, 0);
}
