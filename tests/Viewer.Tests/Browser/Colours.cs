namespace SharpNbd.Viewer.Tests;

/// <summary>What the legend promises, written down again: a change of the palette has to be meant.</summary>
internal static class Colours
{
    public const string Untouched = "#dfe4ea";
    public const string Written = "#d92d20";
    public const string Zeroed = "#ffffff";
    public const string Trimmed = "#c9b8f2";
    public const string Failed = "#ffb000";
    public const string Reading = "#000000";
    public const string Writing = "#ff5a4a";
}
