using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>What the contract suite is run on.</summary>
public sealed record ContractSubject
{
    /// <summary>The source; the suite opens disks and closes all of it.</summary>
    public required DiskSource Source { get; init; }

    /// <summary>What the disk is expected to hold at first; its length is the expected size.</summary>
    public required byte[] Content { get; init; }

    /// <summary>False for disks that accept writes and forget them.</summary>
    public bool KeepsWrites { get; init; } = true;

    /// <summary>Which export to open.</summary>
    public string ExportName { get; init; } = "";

    /// <summary>Called when the suite has closed all disks and the source: checks that nothing was left behind.</summary>
    public Action? VerifyClosed { get; init; }
}
