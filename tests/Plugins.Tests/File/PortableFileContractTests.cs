using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

public sealed class PortableFileContractTests : FileContract
{
    private protected override FileLocation Locate(string path) => PortableLocation.Of(new FileOptions { File = new FilePath(path) });
}
