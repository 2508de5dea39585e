using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

public sealed class FlatStoreTests
{
    [Fact]
    public void MemoryThatCannotBeHadIsRefused()
    {
        var error = Assert.Throws<ParameterException>(() => new FlatStore(long.MaxValue / 2, isLocked: false, PageMemory.Default));
        Assert.Equal(
            "allocator=malloc: there are no 4611686018427387903 bytes of memory in one piece; allocator=sparse takes memory as it is needed",
            error.Message);
    }

    [Fact]
    public void MemoryThatCannotBeLockedIsRefusedAndGivenBack()
    {
        var memory = new TestPageMemory { LockRefusal = "(no); do this" };
        var error = Assert.Throws<ParameterException>(() => new FlatStore(4096, isLocked: true, memory));
        Assert.Equal("allocator=malloc,mlock=true: 4096 bytes cannot be locked into memory (no); do this", error.Message);
        Assert.Empty(memory.Mapped);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void OnlyALockedStoreIsLocked(bool isLocked, int count)
    {
        var memory = new TestPageMemory();
        new FlatStore(4096, isLocked, memory).Dispose();
        Assert.Equal(count, memory.LockCount);
        Assert.Empty(memory.Mapped);
    }

    [Fact]
    public void ADiskWithoutBytesIsNoMistake()
    {
        using var store = new FlatStore(0, isLocked: false, PageMemory.Default);
        Assert.Equal(0, store.Size);
    }
}
