namespace SharpNbd.Server;

/// <summary>The version of the server and of the plugins and filters that come with it.</summary>
internal static class ProductVersion
{
    /// <summary>Major, minor and patch.</summary>
    public static string Text => Version.ToString(3);

    /// <summary>The numbers by themselves.</summary>
    public static Version Version => typeof(ProductVersion).Assembly.GetName().Version ?? new Version(0, 0, 0);
}
