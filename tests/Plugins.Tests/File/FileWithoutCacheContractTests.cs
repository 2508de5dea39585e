namespace SharpNbd.Plugins.Tests;

public sealed class FileWithoutCacheContractTests() : FileContract(FileCacheMode.None)
{
    private protected override FileLocation Locate(string path) => new SingleFile(path, FileAccessPattern.Sequential);
}
