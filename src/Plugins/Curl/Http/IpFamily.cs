namespace SharpNbd.Plugins;

/// <summary>Which addresses of a host are used.</summary>
public enum IpFamily
{
    Any,
    V4,
    V6,
}
