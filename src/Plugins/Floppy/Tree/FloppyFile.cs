namespace SharpNbd.Plugins;

/// <summary>A file, whose content is read when it is asked for.</summary>
/// <param name="name">The name that it has on the disk.</param>
/// <param name="file">Its number among the <see cref="SourceFiles"/>.</param>
/// <param name="identity">What it was when the tree was scanned.</param>
internal sealed class FloppyFile(string name, int file, FileIdentity identity) : FloppyNode(name, identity.ModificationTime)
{
    public int File => file;

    public override long Length { get; } = identity.Size;
}
