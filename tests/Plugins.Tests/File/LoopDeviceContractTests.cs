using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A block device.</summary>
public sealed class LoopDeviceContractTests : FileContract
{
    // A block device consists of sectors.
    protected override IReadOnlyList<int> Sizes { get; } = [1 << 20, 4096, 512];

    private protected override FileLocation Locate(string path)
    {
        var device = LoopDevice.Attach(path);
        Owns(device);
        return new SingleFile(device.Path, FileAccessPattern.Normal);
    }
}
