using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Waiting for a turn changes nothing about what is served.</summary>
public sealed class SerializingContractTests : DiskContract
{
    protected override ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var content = new byte[size];
        random.NextBytes(content);
        var inner = new ArraySource([.. content]);
        return new(new ContractSubject
        {
            Source = new SerializingSource(inner, ThreadModel.SerializeAllRequests),
            Content = content,
            VerifyClosed = () => Assert.Equal((0, 1), (inner.OpenCount, inner.CloseCount)),
        });
    }
}
