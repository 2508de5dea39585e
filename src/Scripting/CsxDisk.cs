using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>A disk of one version of a script, which stays as long as the connection does.</summary>
/// <param name="inner">The disk.</param>
/// <param name="use">Keeps the version.</param>
internal sealed class CsxDisk(Disk inner, ScriptUse use) : DiskFilter(inner)
{
    /// <inheritdoc/>
    protected override bool PassesReads => true;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await Inner.DisposeAsync();
        }
        finally
        {
            await use.DisposeAsync();
        }
    }
}
