namespace SharpNbd.Plugins.Tests;

public sealed class FileDirectoryContractTests : FileContract
{
    private protected override FileLocation Locate(string path) => FileDirectory.AtPath(Path.GetDirectoryName(path)!, FileAccessPattern.Random);
}
