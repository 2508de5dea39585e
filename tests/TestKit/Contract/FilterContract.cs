using SharpNbd.Abstractions;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>
/// The contract suite for a filter, in front of a plain disk over an array: once a disk that can do everything, once one that
/// can only be read. Also checks that closing the filter closes what is behind it.
/// </summary>
public abstract class FilterContract : DiskContract
{
    private DiskCapabilities _inner = RecordingDisk.Everything;

    /// <summary>Puts the filter, configured so that requests succeed, in front of a source.</summary>
    /// <param name="inner">The plain disks.</param>
    protected abstract DiskSource Wrap(DiskSource inner);

    /// <summary>What the filtered disk must hold when the inner one holds this; the same unless overridden.</summary>
    /// <param name="inner">What the inner disk holds.</param>
    protected virtual byte[] Expected(byte[] inner) => [.. inner];

    /// <inheritdoc/>
    protected sealed override ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var array = new ArraySource(ContractContent.WithHoles(size, random)) { OfferedCapabilities = _inner };
        return new(new ContractSubject
        {
            Source = Wrap(array),
            Content = Expected(array.Content),
            VerifyClosed = () =>
            {
                Assert.Equal(0, array.OpenCount);
                Assert.Equal(1, array.CloseCount);
            },
        });
    }

    [Fact]
    public async Task ADiskThatIsOnlyReadStaysRight()
    {
        _inner = new DiskCapabilities();
        await CapabilitiesAreConsistent();
        await TheWholeDiskReadsAsExpected();
        await ARandomMixOfOperationsMatchesTheModel();
        await ParallelConnectionsDoNotDisturbEachOther();
    }
}
