using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>The memory of this operating system in small chunks, all of which must be given back.</summary>
public sealed class SmallChunkContractTests : DiskContract
{
    protected override ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var memory = new TestPageMemory();
        return new(new ContractSubject
        {
            Source = new StoreSource(new SparseStore(size, memory)),
            Content = new byte[size],
            VerifyClosed = () => Assert.Empty(memory.Mapped),
        });
    }
}
