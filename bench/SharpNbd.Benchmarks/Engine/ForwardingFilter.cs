using SharpNbd.Abstractions;

namespace SharpNbd.Benchmarks;

/// <summary>Passes everything on.</summary>
internal sealed class ForwardingFilter(Disk inner) : DiskFilter(inner)
{
    protected override bool PassesReads => true;
}
