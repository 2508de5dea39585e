using SharpNbd.Abstractions;

namespace SharpNbd.Benchmarks;

/// <summary>Passes everything on but the memory that the disk would lend, so that reads are copied.</summary>
internal sealed class CopyingFilter(Disk inner) : DiskFilter(inner)
{
    protected override bool PassesReads => false;
}
