namespace SharpNbd.Plugins.Tests;

public sealed class FileContractTests : FileContract
{
    private protected override FileLocation Locate(string path) => new SingleFile(path, FileAccessPattern.Normal);
}
