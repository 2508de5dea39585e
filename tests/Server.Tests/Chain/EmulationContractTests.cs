using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>A disk that can do little serves everything once it is emulated.</summary>
public sealed class EmulationContractTests : DiskContract
{
    protected override ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var content = new byte[size];
        random.NextBytes(content);
        var inner = new ArraySource([.. content])
        {
            OfferedCapabilities = new() { CanWrite = true, CanFlush = true, Cache = Support.Emulated, CanMultiConn = true },
        };
        return new(new ContractSubject
        {
            Source = new EmulatingSource(inner),
            Content = content,
            VerifyClosed = () => Assert.Equal((0, 1), (inner.OpenCount, inner.CloseCount)),
        });
    }
}
