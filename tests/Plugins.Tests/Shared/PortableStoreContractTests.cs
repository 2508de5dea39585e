using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>The memory of operating systems without a form of their own. Its chunks are small, so that requests cross them.</summary>
public sealed class PortableStoreContractTests : DiskContract
{
    protected override ValueTask<ContractSubject> CreateAsync(int size, Random random) => new(new ContractSubject
    {
        Source = new StoreSource(new SparseStore(size, new PortablePageMemory())),
        Content = new byte[size],
    });
}
