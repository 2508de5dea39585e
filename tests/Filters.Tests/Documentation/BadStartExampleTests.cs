using SharpNbd.Abstractions;

namespace SharpNbd.Filters.Tests;

public sealed class BadStartExampleTests
{
    [Fact]
    public async Task OnlyTheStartIsBad()
    {
        var filter = new FilterUnderTest(new BadStartFilter(), TimeProvider.System);
        await using var disk = await filter.Wrap(new TestKit.ArraySource(new byte[4096]), "bad-size=512").OpenAsync(new OpenRequest(), CancellationToken.None);

        await disk.ReadAsync(512, new byte[512], CancellationToken.None);
        await Assert.ThrowsAsync<NbdException>(async () => await disk.ReadAsync(0, new byte[512], CancellationToken.None));
    }
}
