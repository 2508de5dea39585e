using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the info plugin.</summary>
public sealed record InfoOptions
{
    /// <summary>What the disk tells.</summary>
    [Parameter("mode", "What the disk tells, see below.", IsMagic = true, ValueName = "MODE")]
    public InfoMode Mode { get; init; }
}
